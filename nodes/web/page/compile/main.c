/* SPDX-License-Identifier: Apache-2.0
 * pagec: compiles all templates of a folder. Files whose names begin with "part_" are partials only.
 * pagec OUT_DIR TEMPLATE.html...   writes pages.c, pages.h and pages.pot into OUT_DIR.
 */
#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "template.h"

enum { FILES_MAX = 256 };

struct file {
    char name[TEMPLATE_WORD_MAX];
    struct buffer text;
};

struct files {
    size_t n;
    struct file at[FILES_MAX];
};

static struct files files;
static struct template_strings strings;

static bool find_part(void *self, const char *name, struct span *ret)
{
    char full[TEMPLATE_WORD_MAX + 8];

    (void)self;
    (void)snprintf(full, sizeof(full), "part_%s", name);
    for (size_t i = 0; i < files.n; i++)
        if (strcmp(files.at[i].name, full) == 0) {
            *ret = buffer_span(&files.at[i].text);
            return true;
        }
    return false;
}

static int complain(const char *path, const char *what)
{
    (void)fprintf(stderr, "pagec: %s: %s\n", path, what);
    return 1;
}

static int read_file(const char *path)
{
    const char *base = strrchr(path, '/');
    const char *dot = strrchr(path, '.');
    struct file *file = &files.at[files.n];
    uint8_t bytes[4096];
    FILE *stream;
    size_t n;

    base = base ? base + 1 : path;
    if (files.n == FILES_MAX || !dot || strcmp(dot, ".html") != 0 ||
        (size_t)(dot - base) >= sizeof(file->name))
        return complain(path, "not a NAME.html, or too many of them");
    memcpy(file->name, base, (size_t)(dot - base));
    buffer_init(&file->text, TEMPLATE_BYTES_MAX);
    stream = fopen(path, "rb");
    if (!stream)
        return complain(path, "cannot be read");
    while ((n = fread(bytes, 1, sizeof(bytes), stream)) > 0)
        if (buffer_put(&file->text, bytes, n) != STATUS_OK)
            break;
    if (ferror(stream) || !feof(stream) || fclose(stream) != 0)
        return complain(path, "cannot be read to its end, or is too long");
    files.n++;
    return 0;
}

static int write_file(const char *folder, const char *name, const struct buffer *text)
{
    char path[4096];
    FILE *stream;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    stream = fopen(path, "wb");
    if (!stream)
        return complain(path, "cannot be written");
    if (fwrite(text->bytes, 1, text->used, stream) != text->used) {
        (void)fclose(stream);
        return complain(path, "cannot be written");
    }
    return fclose(stream) == 0 ? 0 : complain(path, "cannot be written");
}

static void put(struct buffer *out, const char *text)
{
    PROMISE(buffer_put(out, text, strlen(text)) == STATUS_OK);
}

static void put_strings(struct buffer *code, struct buffer *pot)
{
    put(code, "\nconst struct page_string PAGE_STRINGS[] = {\n");
    put(pot, "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n");
    for (size_t i = 0; i < strings.n; i++) {
        const struct template_string *string = &strings.at[i];

        put(code, "    {");
        PROMISE(template_quote(code, span_text(string->one)) == STATUS_OK);
        put(code, ", ");
        PROMISE(template_quote(code, span_text(string->plural)) == STATUS_OK);
        put(code, "},\n");
        put(pot, "\nmsgid ");
        PROMISE(template_quote(pot, span_text(string->one)) == STATUS_OK);
        if (*string->plural) {
            put(pot, "\nmsgid_plural ");
            PROMISE(template_quote(pot, span_text(string->plural)) == STATUS_OK);
        }
        put(pot,
            *string->plural ? "\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n" : "\nmsgstr \"\"\n");
    }
    put(code, "    {0, 0}};\nconst size_t PAGE_STRINGS_N = sizeof(PAGE_STRINGS) / "
              "sizeof(PAGE_STRINGS[0]) - 1;\n");
}

static int compile_all(struct buffer *code, struct buffer *head)
{
    struct trouble trouble = {""};
    char line[256];

    put(code, "/* Made by pagec. */\n#include \"pages.h\"\n#include "
              "\"page_run.h\"\n#include \"plot.h\"\n#include \"qr.h\"\n");
    put(head, "/* Made by pagec. */\n#ifndef AMAAN_PAGES_H\n#define AMAAN_PAGES_H\n"
              "#include \"page.h\"\n");
    for (size_t i = 0; i < files.n; i++) {
        const struct file *file = &files.at[i];

        if (strncmp(file->name, "part_", 5) == 0)
            continue;
        if (template_compile(file->name, buffer_span(&file->text), find_part, NULL, code,
                &strings, &trouble) != STATUS_OK) {
            (void)fprintf(stderr, "%s\n", trouble.text);
            return 1;
        }
        (void)snprintf(line, sizeof(line), "page_function page_%s;\n", file->name);
        put(head, line);
    }
    put(head, "#endif\n");
    return 0;
}

int main(int argc, char **argv)
{
    struct buffer code, head, pot;
    int failed = argc < 3 ? complain("OUT_DIR TEMPLATE.html...", "is what it needs") : 0;

    buffer_init(&code, TEMPLATE_OUT_MAX);
    buffer_init(&head, TEMPLATE_OUT_MAX);
    buffer_init(&pot, TEMPLATE_OUT_MAX);
    for (int i = 2; i < argc && !failed; i++)
        failed = read_file(argv[i]);
    if (!failed)
        failed = compile_all(&code, &head);
    if (!failed) {
        put_strings(&code, &pot);
        failed = write_file(argv[1], "pages.c", &code) +
                 write_file(argv[1], "pages.h", &head) +
                 write_file(argv[1], "pages.pot", &pot);
    }
    buffer_release(&code);
    buffer_release(&head);
    buffer_release(&pot);
    for (size_t i = 0; i < files.n; i++)
        buffer_release(&files.at[i].text);
    return failed ? 1 : 0;
}
