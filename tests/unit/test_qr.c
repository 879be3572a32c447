/* SPDX-License-Identifier: Apache-2.0
 *
 * qr: the square on the wizard's page says what stands beneath it. The picture is drawn from the page's own path, as a
 * camera would see it; where Debian's zbarimg is, it reads it, else the drawing is compared with libqrencode's.
 */
#include <qrencode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "memory.h"
#include "pages.h"
#include "process.h"

enum {
    SIDE_MAX = 185 /* 177 modules and the quiet zone */,
    SCALE = 4,
    OUTPUT_MAX = 8192
};
#define READER "/usr/bin/zbarimg"

static unsigned char modules[SIDE_MAX][SIDE_MAX];

static void render(const char *text, enum page_language language, struct buffer *ret)
{
    struct json *data = json_new_object(), *none = json_new_list();
    struct page_context context = {
        .language = language, .token = "", .key = "", .path = "/", .theme = ""};

    json_put_text(data, "request", text);
    json_give(data, "found", &none);
    buffer_init(ret, PAGE_BYTES_MAX);
    assert_ok(page_setup_request(ret, data, &context));
    assert_ok(buffer_put(ret, "", 1));
    json_destroy(&data);
}

/* The number behind `before`, which must stand there; `at` goes behind it. */
static int take(const char **at, const char *before)
{
    char *end;

    assert_int_equal(strncmp(*at, before, strlen(before)), 0);
    long n = strtol(*at + strlen(before), &end, 10);
    assert_true(end > *at + strlen(before) && n >= -SIDE_MAX && n <= SIDE_MAX);
    *at = end;
    return (int)n;
}

/* Draws the runs "M4 5h7v1h-7z" of the path; the side in modules. */
static int draw(const char *page)
{
    const char *at = strstr(page, "<svg class=\"qr\" viewBox=");

    assert_non_null(at);
    int side = take(&at, "<svg class=\"qr\" viewBox=\"0 0 ");
    memset(modules, 0, sizeof(modules));
    at = strstr(at, "d=\"M");
    assert_non_null(at);
    for (at += 3; *at != '"'; at++) {
        int x = take(&at, "M"), y = take(&at, " "), n = take(&at, "h");

        assert_int_equal(take(&at, "v"), 1);
        assert_int_equal(take(&at, "h-"), n);
        assert_int_equal(*at, 'z');
        assert_true(x >= 4 && y >= 4 && x + n <= side - 4 && y < side - 4);
        memset(&modules[y][x], 1, (size_t)n);
    }
    return side;
}

static void write_picture(const char *path, int side)
{
    FILE *stream = fopen(path, "wb");

    assert_non_null(stream);
    fprintf(stream, "P5\n%d %d\n255\n", side * SCALE, side * SCALE);
    for (int y = 0; y < side * SCALE; y++)
        for (int x = 0; x < side * SCALE; x++)
            fputc(modules[y / SCALE][x / SCALE] ? 0 : 255, stream);
    assert_int_equal(fclose(stream), 0);
}

/* False where there is no reader. */
static bool reads_as(const char *text, int side)
{
    char path[] = "/tmp/amaan-qr-XXXXXX";
    const char *const words[] = {
        READER, "--quiet", "--raw", "-Sdisable", "-Sqr.enable", path, NULL};
    struct buffer output;

    if (access(READER, X_OK) != 0)
        return false;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    write_picture(path, side);
    buffer_init(&output, OUTPUT_MAX);
    assert_int_equal(process_run("/dev/null", words, span_text(""), &output), 0);
    assert_ok(buffer_put(&output, "", 1));
    /* it ends what it read with a line end of its own */
    assert_int_equal(strncmp((const char *)output.bytes, text, strlen(text)), 0);
    buffer_release(&output);
    unlink(path);
    return true;
}

static void compare(const char *text, int side)
{
    QRcode *code = QRcode_encodeData(
        (int)strlen(text), (const unsigned char *)text, 0, QR_ECLEVEL_M);

    assert_non_null(code);
    assert_int_equal(code->width + 8, side);
    for (int y = 0; y < code->width; y++)
        for (int x = 0; x < code->width; x++)
            assert_int_equal(modules[y + 4][x + 4], code->data[y * code->width + x] & 1);
    QRcode_free(code);
}

static void qr__says_what_stands_beneath_it(void **state)
{
    static const char *const texts[] = {"a",
        "amaan join request 1\n"
        "414d4a3100000001000000020000000000000000000000000000000000000000\n"
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
        "00112233445566778899aabbccddeeff\n"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        for (int language = PAGE_ENG; language <= PAGE_URD; language++) {
            struct buffer page;

            render(texts[i], (enum page_language)language, &page);
            int side = draw((const char *)page.bytes);
            compare(texts[i], side);
            (void)reads_as(texts[i], side);
            buffer_release(&page);
        }
}

static void qr__of_too_much_or_nothing_is_left_away(void **state)
{
    char long_text[1026];
    const char *const texts[] = {"", long_text};

    (void)state;
    memset(long_text, 'a', sizeof(long_text) - 1);
    long_text[sizeof(long_text) - 1] = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        struct buffer page;

        render(texts[i], PAGE_ENG, &page);
        assert_null(strstr((const char *)page.bytes, "<svg"));
        buffer_release(&page);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(qr__says_what_stands_beneath_it),
        cmocka_unit_test(qr__of_too_much_or_nothing_is_left_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
