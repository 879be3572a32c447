/* SPDX-License-Identifier: Apache-2.0
 * Runs a target over every file of a corpus, each in memory of exactly its length, and says how many there
 * were. An empty corpus is a failure: it would prove nothing.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#pragma weak LLVMFuzzerInitialize

static int run_file(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        fprintf(stderr, "cannot read %s\n", path);
        return -1;
    }
    long n = ftell(file);
    uint8_t *bytes = n >= 0 ? malloc(n > 0 ? (size_t)n : 1) : NULL;
    rewind(file);
    if (bytes == NULL || fread(bytes, 1, (size_t)n, file) != (size_t)n) {
        fprintf(stderr, "cannot read %s\n", path);
        free(bytes);
        fclose(file);
        return -1;
    }
    fclose(file);
    fprintf(stderr, "%s\n", name); /* if it breaks, the last line says at which file */
    (void)LLVMFuzzerTestOneInput(bytes, (size_t)n);
    free(bytes);
    return 0;
}

int main(int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (folder == NULL) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    if (LLVMFuzzerInitialize != NULL) {
        (void)LLVMFuzzerInitialize(&argc, &argv);
    }
    int n_files = 0, n_unread = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (entry->d_name[0] != '.') {
            n_files++;
            n_unread += run_file(argv[1], entry->d_name) != 0;
        }
    }
    closedir(folder);
    printf("%d files of %s\n", n_files, argv[1]);
    return n_files > 0 && n_unread == 0 ? 0 : 1;
}
