/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A test's clock: preloaded into httpd, it adds to what the system's real time
 * is as many seconds as stand at the beginning of the file $USAGE_CLOCK; or it
 * stands still, at the second that follows there, if that isn't 0. Both are
 * 64-bit numbers, which a test may change while the server runs. Built by
 * probe.py, never installed.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

typedef struct set_clock_t {
    int64_t offset;
    int64_t stopped;
} set_clock_t;

static const volatile set_clock_t *set;

__attribute__((constructor)) static void open_clock(void)
{
    const char *path = getenv("USAGE_CLOCK");
    int file = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file >= 0) {
        void *base = mmap(NULL, sizeof *set, PROT_READ, MAP_SHARED, file, 0);
        set = base != MAP_FAILED ? base : NULL;
        close(file);
    }
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int status = (int)syscall(SYS_clock_gettime, clock, now);
    if (status == 0 && set != NULL
        && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        int64_t stopped = set->stopped;
        now->tv_sec = stopped != 0 ? stopped : now->tv_sec + set->offset;
        now->tv_nsec = stopped != 0 ? 0 : now->tv_nsec;
    }
    return status;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec time;
    int status = clock_gettime(CLOCK_REALTIME, &time);
    (void)zone;
    now->tv_sec = time.tv_sec;
    now->tv_usec = time.tv_nsec / 1000;
    return status;
}

time_t time(time_t *now)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    if (now != NULL) {
        *now = time.tv_sec;
    }
    return time.tv_sec;
}
