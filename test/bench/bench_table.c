/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Adds a second to the table in shared memory: by one process, and by two at
 * once, each with keys of its own and on a processor of its own. The medians
 * of many short rounds, in which one process and two take turns, and the ratio
 * of the two. What was measured while a process had to share its processor with
 * others is measured again, if that helps.
 */
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/memory.h"

enum { KEYS = 5000, ADDS = 200000, ROUNDS = 31, TRIES = 50, NAME = 32 };

/* Of the time that passes, how much a process must have run. */
#define UNDISTURBED 0.98

static char names[2][KEYS][NAME];

/* What the processes tell each other. */
typedef struct stage_t {
    _Atomic int waiting;
    double seconds[2];
    bool is_disturbed[2];
} stage_t;

static usage_memory_t memory;
static stage_t *stage;
static int disturbed;

static double now(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void add_all(int process, int times)
{
    usage_values_t one = { .of = { [USAGE_VIEWS] = 1 } };
    usage_addition_t addition = {
        .key = { .start = 3600,
                 .kind = USAGE_KIND_VIEW,
                 .site = { "www.example.org", 15 } },
        .overflow = "/*",
        .resort = USAGE_RESORT_VIEW,
    };
    for (int i = 0; i < times; i++) {
        const char *name = names[process][i % KEYS];
        addition.key.name = (usage_text_t){ name, strlen(name) };
        usage_memory_add(&memory, &addition, &one, 3600);
    }
}

/* The processors that this process may use, one after the other. */
static void stay_on(int process)
{
    cpu_set_t allowed;
    cpu_set_t mine;
    int nth = -1;
    sched_getaffinity(0, sizeof allowed, &allowed);
    for (size_t i = 0; i < CPU_SETSIZE; i++) {
        nth += CPU_ISSET(i, &allowed) != 0;
        if (CPU_ISSET(i, &allowed) && nth == process) {
            CPU_ZERO(&mine);
            CPU_SET(i, &mine);
            sched_setaffinity(0, sizeof mine, &mine);
            return;
        }
    }
}

/* What a process does: warm up, wait for the other, and then in earnest. */
static void perform(int process)
{
    stay_on(process);
    add_all(process, KEYS);
    atomic_fetch_sub(&stage->waiting, 1);
    while (atomic_load(&stage->waiting) > 0) {
        continue;
    }
    double begun = now(CLOCK_MONOTONIC);
    double spent = now(CLOCK_PROCESS_CPUTIME_ID);
    add_all(process, ADDS);
    spent = now(CLOCK_PROCESS_CPUTIME_ID) - spent;
    stage->seconds[process] = now(CLOCK_MONOTONIC) - begun;
    stage->is_disturbed[process] =
        spent < stage->seconds[process] * UNDISTURBED;
    _exit(0);
}

/* Adds a second of one process or of both. */
static double measure_once(int first, int last, bool *is_disturbed)
{
    double rate = 0;
    *is_disturbed = false;
    atomic_store(&stage->waiting, last - first + 1);
    for (int i = first; i <= last; i++) {
        if (fork() == 0) {
            perform(i);
        }
    }
    while (wait(NULL) > 0) {
        continue;
    }
    for (int i = first; i <= last; i++) {
        *is_disturbed = *is_disturbed || stage->is_disturbed[i];
        rate += ADDS / stage->seconds[i];
    }
    return rate;
}

/* The same, undisturbed if that can be had. */
static double measure(int first, int last)
{
    double rate = 0;
    bool is_disturbed = true;
    for (int i = 0; is_disturbed && i < TRIES; i++) {
        rate = measure_once(first, last, &is_disturbed);
    }
    disturbed += is_disturbed;
    return rate;
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

static void compare_one_and_two(void)
{
    double alone[ROUNDS];
    double both[ROUNDS];
    double ratio[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        alone[i] = measure(0, 0) / 2;
        both[i] = measure(0, 1);
        alone[i] += measure(1, 1) / 2;
        ratio[i] = both[i] / alone[i];
    }
    printf("adds a second, one process:  %.1f million\n", median(alone) / 1e6);
    printf("adds a second, two of them:  %.1f million, %.2f times as many "
           "(%d of %d measurements were disturbed)\n",
           median(both) / 1e6, median(ratio), disturbed, 3 * ROUNDS);
}

static void *shared_make(size_t size)
{
    void *base = mmap(NULL, size, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED) {
        perror("bench_table");
        exit(EXIT_FAILURE);
    }
    return base;
}

int main(void)
{
    usage_geometry_t geometry = { .slots = 65536, .visitors = 1024 };
    stage = shared_make(sizeof *stage);
    usage_memory_create(&memory, shared_make(usage_memory_size(&geometry)),
                        &geometry, 42, 3600);
    for (int i = 0; i < 2 * KEYS; i++) {
        snprintf(names[i / KEYS][i % KEYS], NAME, "/articles/%d.html", i);
    }
    compare_one_and_two();
    return EXIT_SUCCESS;
}
