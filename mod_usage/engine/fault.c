/* SPDX-License-Identifier: Apache-2.0 */
/* Acts on what a test has ordered; runs in any process, and only in tests. */
#include "fault.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE 512

/* Between two looks whether a hold is over. */
#define PAUSE_MICROS 2000

/* Take the order for a point: of several processes, one gets it. */
static int take_order(const char *path, char *order, size_t size)
{
    FILE *file = fopen(path, "r");
    int found = 0;
    if (file != NULL) {
        found = fgets(order, (int)size, file) != NULL && unlink(path) == 0;
        fclose(file);
    }
    return found;
}

static void hold(const char *path)
{
    char held[PATH_SIZE + 8];
    char part[PATH_SIZE + 8];
    snprintf(held, sizeof held, "%s.held", path);
    snprintf(part, sizeof part, "%s.part", path);
    FILE *file = fopen(part, "w");
    if (file == NULL) {
        return;
    }
    fprintf(file, "%ld", (long)getpid());
    fclose(file);
    rename(part, held);
    while (access(held, F_OK) == 0) {
        usleep(PAUSE_MICROS);
    }
}

apr_status_t usage_fault(const char *point)
{
    const char *folder = getenv("USAGE_FAULTS");
    char path[PATH_SIZE];
    char order[16];
    if (folder == NULL) {
        return APR_SUCCESS;
    }
    snprintf(path, sizeof path, "%s/%s", folder, point);
    if (!take_order(path, order, sizeof order)) {
        return APR_SUCCESS;
    }
    if (strcmp(order, "kill") == 0) {
        raise(SIGKILL);
    }
    if (strcmp(order, "abort") == 0) {
        signal(SIGABRT, SIG_DFL);
        raise(SIGABRT);
    }
    if (strcmp(order, "exit") == 0) {
        _exit(EXIT_FAILURE);
    }
    if (strcmp(order, "hold") == 0) {
        hold(path);
    }
    return strcmp(order, "error") == 0 ? APR_ENOSPC : APR_SUCCESS;
}
