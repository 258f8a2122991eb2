/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A test's disk that hangs or is full: preloaded into httpd, it makes the
 * writes of SQLite sleep for as many seconds as the file $USAGE_SLOW_DISK
 * says, but no longer than that file is there, or fail if it says "full".
 * Built by probe.py, never installed.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Wait for the disk. Whether it has room. */
static int wait_for_disk(void)
{
    const char *path = getenv("USAGE_SLOW_DISK");
    FILE *file = path != NULL ? fopen(path, "r") : NULL;
    unsigned seconds = 0;
    int is_full = 0;
    if (file != NULL) {
        is_full = fscanf(file, "%u", &seconds) != 1;
        fclose(file);
        for (seconds *= 20; seconds > 0 && access(path, F_OK) == 0; seconds--) {
            usleep(50000);
        }
    }
    return !is_full;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset)
{
    if (!wait_for_disk()) {
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_pwrite64, fd, data, size, offset);
}
