/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Adds a second to the table in shared memory: by one process, and by two at
 * once, each with keys of its own. The median of several rounds, and the ratio
 * of the two in the same run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/memory.h"

enum { KEYS = 5000, ADDS = 4000000, ROUNDS = 7, NAME = 32 };

static char names[2][KEYS][NAME];

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void add_all(const usage_memory_t *memory, int process)
{
    usage_values_t one = { .of = { [USAGE_VIEWS] = 1 } };
    usage_addition_t addition = {
        .key = { .start = 3600,
                 .kind = USAGE_KIND_VIEW,
                 .site = { "www.example.org", 15 } },
        .overflow = "/*",
        .resort = USAGE_RESORT_VIEW,
    };
    for (int i = 0; i < ADDS; i++) {
        const char *name = names[process][i % KEYS];
        addition.key.name = (usage_text_t){ name, strlen(name) };
        usage_memory_add(memory, &addition, &one, 3600);
    }
}

/* Seconds that so many processes take. */
static double run(const usage_memory_t *memory, int processes)
{
    double begun = now();
    for (int i = 0; i < processes; i++) {
        if (fork() == 0) {
            add_all(memory, i);
            _exit(0);
        }
    }
    while (wait(NULL) > 0) {
        continue;
    }
    return now() - begun;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof *values, compare);
    return values[ROUNDS / 2];
}

int main(void)
{
    usage_geometry_t geometry = { .slots = 65536, .visitors = 1024 };
    usage_memory_t memory;
    double alone[ROUNDS];
    double both[ROUNDS];
    double ratio[ROUNDS];
    void *base =
        mmap(NULL, usage_memory_size(&geometry), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED) {
        return EXIT_FAILURE;
    }
    usage_memory_create(&memory, base, &geometry, 42, 3600);
    for (int i = 0; i < 2 * KEYS; i++) {
        snprintf(names[i / KEYS][i % KEYS], NAME, "/articles/%d.html", i);
    }
    for (int i = 0; i < ROUNDS; i++) {
        alone[i] = ADDS / run(&memory, 1);
        both[i] = 2.0 * ADDS / run(&memory, 2);
        ratio[i] = both[i] / alone[i];
    }
    printf("adds a second, one process:  %.1f million\n", median(alone) / 1e6);
    printf("adds a second, two of them:  %.1f million, %.2f times as many\n",
           median(both) / 1e6, median(ratio));
    return EXIT_SUCCESS;
}
