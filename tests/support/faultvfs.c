/* SPDX-License-Identifier: Apache-2.0
 * Files are found by name in a list. A handle remembers the power generation in which it was opened: after a
 * cut it is of an older one and dead. There is no shared memory: databases open with EXCLUSIVE locking do
 * not ask for it. A failed sync takes the dirty bytes as they are out of reach of later syncs: they are
 * restored from the synced image only where they were not written again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "faultvfs.h"
#include "memory.h"

enum { NAME_BYTES = 512, SECTOR_BYTES = 512 };

struct image {
    uint8_t *bytes;
    int64_t size, room;
};

struct file {
    struct file *next;
    char name[NAME_BYTES];
    struct image written, synced;
    bool *dirty; /* by sector: written since the last sync, successful or not */
    int64_t n_dirty;
    int shared;            /* handles with a lock of SHARED or more */
    const void *strongest; /* the handle with RESERVED or more */
    int strength;
};

struct faultvfs {
    sqlite3_vfs vfs; /* first: SQLite gives it back to us */
    struct file *files;
    int generation;
    int countdown[DISK_FAULT_COUNT], fired[DISK_FAULT_COUNT];
    bool is_full;
    int writes, syncs;
    char name[64];
};

struct handle {
    sqlite3_file base; /* first */
    struct faultvfs *owner;
    struct file *file;
    int generation;
    int lock;
    bool forget_at_close;
};

static sqlite3_vfs *system_vfs(void)
{
    return sqlite3_vfs_find(NULL);
}

static bool fire(struct faultvfs *vfs, enum disk_fault fault)
{
    if (vfs->countdown[fault] == 0 || --vfs->countdown[fault] > 0) {
        return false;
    }
    vfs->fired[fault]++;
    return true;
}

/* ---- images ---- */

static void resize(struct image *image, int64_t size)
{
    if (size > image->room) {
        int64_t room = size * 2;
        uint8_t *bytes = memory_new((size_t)room);
        if (image->size > 0) {
            memcpy(bytes, image->bytes, (size_t)image->size);
        }
        memory_free(image->bytes);
        image->bytes = bytes;
        image->room = room;
    }
    if (size < image->size) {
        memset(image->bytes + size, 0, (size_t)(image->size - size));
    }
    image->size = size;
}

static void copy_image(struct image *to, const struct image *from)
{
    resize(to, from->size);
    if (from->size > 0) {
        memcpy(to->bytes, from->bytes, (size_t)from->size);
    }
}

static void mark_dirty(struct file *file, int64_t offset, int64_t n)
{
    int64_t needed = (offset + n) / SECTOR_BYTES + 1;
    if (needed > file->n_dirty) {
        bool *dirty = memory_new((size_t)(needed * 2));
        if (file->n_dirty > 0) {
            memcpy(dirty, file->dirty, (size_t)file->n_dirty);
        }
        memory_free(file->dirty);
        file->dirty = dirty;
        file->n_dirty = needed * 2;
    }
    for (int64_t i = offset / SECTOR_BYTES; i * SECTOR_BYTES < offset + n; i++) {
        file->dirty[i] = true;
    }
}

static void clear_dirty(struct file *file)
{
    if (file->n_dirty > 0) {
        memset(file->dirty, 0, (size_t)file->n_dirty);
    }
}

static void sync_image(struct file *file)
{
    resize(&file->synced, file->written.size);
    for (int64_t i = 0; i < file->n_dirty; i++) {
        int64_t at = i * SECTOR_BYTES;
        if (file->dirty[i] && at < file->written.size) {
            int64_t left = file->written.size - at;
            memcpy(file->synced.bytes + at, file->written.bytes + at,
                (size_t)(left < SECTOR_BYTES ? left : SECTOR_BYTES));
        }
    }
    clear_dirty(file);
}

static void free_file(struct file *file)
{
    memory_free(file->written.bytes);
    memory_free(file->synced.bytes);
    memory_free(file->dirty);
    memory_free(file);
}

static struct file *find_file(struct faultvfs *vfs, const char *name)
{
    struct file *file = vfs->files;
    while (file != NULL && strcmp(file->name, name) != 0) {
        file = file->next;
    }
    return file;
}

static struct file *make_file(struct faultvfs *vfs, const char *name)
{
    struct file *file = memory_new(sizeof *file);
    snprintf(file->name, sizeof file->name, "%s", name);
    file->next = vfs->files;
    vfs->files = file;
    return file;
}

static void remove_file(struct faultvfs *vfs, struct file *gone)
{
    struct file **at = &vfs->files;
    while (*at != NULL && *at != gone) {
        at = &(*at)->next;
    }
    if (*at != NULL) {
        *at = gone->next;
        free_file(gone);
    }
}

/* ---- files, as SQLite sees them ---- */

static bool is_dead(const struct handle *handle)
{
    return handle->generation != handle->owner->generation;
}

static int close_file(sqlite3_file *base)
{
    struct handle *handle = (struct handle *)base;
    if (!is_dead(handle)) {
        base->pMethods->xUnlock(base, SQLITE_LOCK_NONE);
        if (handle->forget_at_close) {
            remove_file(handle->owner, handle->file);
        }
    }
    return SQLITE_OK;
}

static int read_file(sqlite3_file *base, void *to, int n, sqlite3_int64 offset)
{
    struct handle *handle = (struct handle *)base;
    if (is_dead(handle)) {
        return SQLITE_IOERR_READ;
    }
    const struct image *image = &handle->file->written;
    int64_t there = image->size > offset ? image->size - offset : 0;
    int64_t got = there < n ? there : n;
    if (got > 0) {
        memcpy(to, image->bytes + offset, (size_t)got);
    }
    if (got < n) {
        memset((uint8_t *)to + got, 0, (size_t)(n - got));
        return SQLITE_IOERR_SHORT_READ;
    }
    return SQLITE_OK;
}

static int write_file(sqlite3_file *base, const void *from, int n, sqlite3_int64 offset)
{
    struct handle *handle = (struct handle *)base;
    struct faultvfs *vfs = handle->owner;
    if (is_dead(handle)) {
        return SQLITE_IOERR_WRITE;
    }
    vfs->writes++;
    if (fire(vfs, DISK_ERROR)) {
        return SQLITE_IOERR_WRITE;
    }
    if (vfs->is_full) {
        vfs->fired[DISK_FULL]++;
        return SQLITE_FULL;
    }
    if (fire(vfs, DISK_FULL)) {
        vfs->is_full = true;
        return SQLITE_FULL;
    }
    struct file *file = handle->file;
    if (offset + n > file->written.size) {
        resize(&file->written, offset + n);
    }
    memcpy(file->written.bytes + offset, from, (size_t)n);
    mark_dirty(file, offset, n);
    return SQLITE_OK;
}

static int truncate_file(sqlite3_file *base, sqlite3_int64 size)
{
    struct handle *handle = (struct handle *)base;
    if (is_dead(handle)) {
        return SQLITE_IOERR_TRUNCATE;
    }
    if (size < handle->file->written.size) {
        mark_dirty(handle->file, size, handle->file->written.size - size);
        resize(&handle->file->written, size);
    }
    return SQLITE_OK;
}

static int sync_file(sqlite3_file *base, int flags)
{
    (void)flags;
    struct handle *handle = (struct handle *)base;
    if (is_dead(handle)) {
        return SQLITE_IOERR_FSYNC;
    }
    handle->owner->syncs++;
    if (fire(handle->owner, DISK_SYNC_ERROR)) {
        clear_dirty(handle->file);
        return SQLITE_IOERR_FSYNC;
    }
    sync_image(handle->file);
    return SQLITE_OK;
}

static int size_file(sqlite3_file *base, sqlite3_int64 *ret)
{
    struct handle *handle = (struct handle *)base;
    if (is_dead(handle)) {
        return SQLITE_IOERR_FSTAT;
    }
    *ret = handle->file->written.size;
    return SQLITE_OK;
}

static int lock_file(sqlite3_file *base, int level)
{
    struct handle *handle = (struct handle *)base;
    struct file *file = handle->file;
    if (is_dead(handle)) {
        return SQLITE_IOERR_LOCK;
    }
    if (handle->lock >= level) {
        return SQLITE_OK;
    }
    bool other_strong = file->strongest != NULL && file->strongest != handle;
    if (handle->lock == SQLITE_LOCK_NONE) {
        if (other_strong && file->strength >= SQLITE_LOCK_PENDING) {
            return SQLITE_BUSY;
        }
        file->shared++;
        handle->lock = SQLITE_LOCK_SHARED;
    }
    if (level >= SQLITE_LOCK_RESERVED) {
        if (other_strong || (level == SQLITE_LOCK_EXCLUSIVE && file->shared > 1)) {
            return SQLITE_BUSY;
        }
        file->strongest = handle;
        file->strength = level;
        handle->lock = level;
    }
    return SQLITE_OK;
}

static int unlock_file(sqlite3_file *base, int level)
{
    struct handle *handle = (struct handle *)base;
    struct file *file = handle->file;
    if (is_dead(handle) || handle->lock <= level) {
        return SQLITE_OK;
    }
    if (file->strongest == handle) {
        file->strongest = NULL;
        file->strength = 0;
    }
    if (level == SQLITE_LOCK_NONE) {
        file->shared--;
    }
    handle->lock = level;
    return SQLITE_OK;
}

static int check_lock(sqlite3_file *base, int *ret)
{
    struct handle *handle = (struct handle *)base;
    *ret = !is_dead(handle) && handle->file->strongest != NULL;
    return SQLITE_OK;
}

static int control_file(sqlite3_file *base, int operation, void *argument)
{
    (void)base;
    (void)operation;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int sector_size(sqlite3_file *base)
{
    (void)base;
    return SECTOR_BYTES;
}

static int characteristics(sqlite3_file *base)
{
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE; /* as SQLite assumes of unix files */
}

static const sqlite3_io_methods METHODS = {
    .iVersion = 1,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = size_file,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_lock,
    .xFileControl = control_file,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
};

/* ---- the file system, as SQLite sees it ---- */

static int open_file(
    sqlite3_vfs *base, const char *name, sqlite3_file *to, int flags, int *ret_flags)
{
    struct faultvfs *vfs = (struct faultvfs *)base;
    struct handle *handle = (struct handle *)to;
    char own_name[NAME_BYTES];
    memset(handle, 0, sizeof *handle);
    if (name == NULL) {
        snprintf(own_name, sizeof own_name, "temporary %d", vfs->writes);
        name = own_name;
    }
    struct file *file = find_file(vfs, name);
    if (file == NULL && (flags & SQLITE_OPEN_CREATE) == 0) {
        return SQLITE_CANTOPEN;
    }
    handle->owner = vfs;
    handle->file = file != NULL ? file : make_file(vfs, name);
    handle->generation = vfs->generation;
    handle->forget_at_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    handle->base.pMethods = &METHODS;
    if (ret_flags != NULL) {
        *ret_flags = flags;
    }
    return SQLITE_OK;
}

static int delete_file(sqlite3_vfs *base, const char *name, int sync)
{
    (void)sync;
    struct faultvfs *vfs = (struct faultvfs *)base;
    struct file *file = find_file(vfs, name);
    if (file == NULL) {
        return SQLITE_IOERR_DELETE_NOENT;
    }
    remove_file(vfs, file);
    return SQLITE_OK;
}

static int access_file(sqlite3_vfs *base, const char *name, int flags, int *ret)
{
    (void)flags;
    *ret = find_file((struct faultvfs *)base, name) != NULL;
    return SQLITE_OK;
}

static int full_name(sqlite3_vfs *base, const char *name, int n, char *ret)
{
    (void)base;
    snprintf(ret, (size_t)n, "%s", name);
    return SQLITE_OK;
}

static int make_randomness(sqlite3_vfs *base, int n, char *ret)
{
    (void)base;
    return system_vfs()->xRandomness(system_vfs(), n, ret);
}

static int wait_a_while(sqlite3_vfs *base, int microseconds)
{
    (void)base;
    return microseconds;
}

static int tell_time(sqlite3_vfs *base, double *ret)
{
    (void)base;
    return system_vfs()->xCurrentTime(system_vfs(), ret);
}

static int tell_error(sqlite3_vfs *base, int n, char *ret)
{
    (void)base;
    if (n > 0) {
        ret[0] = '\0';
    }
    return 0;
}

/* ---- for tests ---- */

struct faultvfs *faultvfs_new(const char *name)
{
    struct faultvfs *vfs = memory_new(sizeof *vfs);
    snprintf(vfs->name, sizeof vfs->name, "%s", name);
    vfs->vfs = (sqlite3_vfs){
        .iVersion = 1,
        .szOsFile = sizeof(struct handle),
        .mxPathname = NAME_BYTES - 1,
        .zName = vfs->name,
        .xOpen = open_file,
        .xDelete = delete_file,
        .xAccess = access_file,
        .xFullPathname = full_name,
        .xRandomness = make_randomness,
        .xSleep = wait_a_while,
        .xCurrentTime = tell_time,
        .xGetLastError = tell_error,
    };
    PROMISE(sqlite3_vfs_find(name) == NULL);
    PROMISE(sqlite3_vfs_register(&vfs->vfs, 0) == SQLITE_OK);
    return vfs;
}

void faultvfs_destroy(struct faultvfs **vfs_p)
{
    struct faultvfs *vfs = *vfs_p;
    if (vfs == NULL) {
        return;
    }
    sqlite3_vfs_unregister(&vfs->vfs);
    faultvfs_burn(vfs);
    memory_free(vfs);
    *vfs_p = NULL;
}

const char *faultvfs_name(const struct faultvfs *vfs)
{
    return vfs->name;
}

void faultvfs_arm(struct faultvfs *vfs, enum disk_fault fault, int k)
{
    vfs->countdown[fault] = k;
}

void faultvfs_free(struct faultvfs *vfs)
{
    vfs->is_full = false;
    vfs->countdown[DISK_FULL] = 0;
}

int faultvfs_fired(const struct faultvfs *vfs, enum disk_fault fault)
{
    return vfs->fired[fault];
}

void faultvfs_kill(struct faultvfs *vfs)
{
    vfs->generation++;
    for (struct file *file = vfs->files; file != NULL; file = file->next) {
        file->shared = 0;
        file->strongest = NULL;
        file->strength = 0;
    }
}

void faultvfs_power_cut(struct faultvfs *vfs)
{
    faultvfs_kill(vfs);
    for (struct file *file = vfs->files; file != NULL; file = file->next) {
        copy_image(&file->written, &file->synced);
        clear_dirty(file);
    }
}

void faultvfs_burn(struct faultvfs *vfs)
{
    vfs->generation++;
    while (vfs->files != NULL) {
        remove_file(vfs, vfs->files);
    }
}

int faultvfs_writes(const struct faultvfs *vfs)
{
    return vfs->writes;
}

int faultvfs_syncs(const struct faultvfs *vfs)
{
    return vfs->syncs;
}

int64_t faultvfs_bytes(const struct faultvfs *vfs)
{
    int64_t bytes = 0;
    for (const struct file *file = vfs->files; file != NULL; file = file->next) {
        bytes += file->written.size;
    }
    return bytes;
}

bool faultvfs_contains(const struct faultvfs *vfs, const void *bytes, unsigned n)
{
    for (const struct file *file = vfs->files; file != NULL; file = file->next) {
        if (file->written.size > 0 &&
            memmem(file->written.bytes, (size_t)file->written.size, bytes, n) != NULL) {
            return true;
        }
    }
    return false;
}

bool faultvfs_damage(struct faultvfs *vfs, const char *suffix, int64_t offset)
{
    for (struct file *file = vfs->files; file != NULL; file = file->next) {
        size_t length = strlen(file->name);
        bool fits = length >= strlen(suffix) &&
                    strcmp(file->name + length - strlen(suffix), suffix) == 0;
        if (fits && offset < file->written.size && offset < file->synced.size) {
            file->written.bytes[offset] ^= 1;
            file->synced.bytes[offset] ^= 1;
            return true;
        }
    }
    return false;
}

/* ---- a copy of the disk ---- */

struct faultvfs_image {
    struct file *files;
};

static struct file *copy_files(const struct file *from)
{
    struct file *copies = NULL;
    for (; from != NULL; from = from->next) {
        struct file *copy = memory_new(sizeof *copy);
        memcpy(copy->name, from->name, sizeof copy->name);
        copy_image(&copy->written, &from->written);
        copy_image(&copy->synced, &from->written);
        copy->next = copies;
        copies = copy;
    }
    return copies;
}

static void free_files(struct file *files)
{
    while (files != NULL) {
        struct file *next = files->next;
        free_file(files);
        files = next;
    }
}

struct faultvfs_image *faultvfs_save(const struct faultvfs *vfs)
{
    struct faultvfs_image *image = memory_new(sizeof *image);
    image->files = copy_files(vfs->files);
    return image;
}

void faultvfs_restore(struct faultvfs *vfs, const struct faultvfs_image *image)
{
    vfs->generation++;
    free_files(vfs->files);
    vfs->files = copy_files(image->files);
}

void faultvfs_image_destroy(struct faultvfs_image **image)
{
    if (*image != NULL) {
        free_files((*image)->files);
        memory_free(*image);
        *image = NULL;
    }
}
