/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A test's disk that hangs: preloaded into httpd, it makes the writes of
 * SQLite sleep for as many seconds as the file $USAGE_SLOW_DISK says, while
 * that file is there. Built by probe.py, never installed.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void wait_for_disk(void)
{
    const char *path = getenv("USAGE_SLOW_DISK");
    FILE *file = path != NULL ? fopen(path, "r") : NULL;
    unsigned seconds = 0;
    if (file != NULL) {
        if (fscanf(file, "%u", &seconds) == 1) {
            sleep(seconds);
        }
        fclose(file);
    }
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset)
{
    wait_for_disk();
    return syscall(SYS_pwrite64, fd, data, size, offset);
}
