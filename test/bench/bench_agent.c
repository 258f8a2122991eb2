/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an agent string costs: one never seen before, and one that the cache
 * knows. Reads agents, one a line up to the first tab, from standard input.
 *
 *   bench_agent <test/data/agents/user-agents.tsv
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/agent_cache.h"

enum { AGENTS = 8192, ROUNDS = 101, WORDS = 16384 };

typedef usage_agent_t (*ask_fn)(const char *agent, apr_size_t length);

static char *agents[AGENTS];
static apr_size_t lengths[AGENTS];
static int count;
static _Atomic apr_uint64_t words[WORDS];
static usage_secret_t secret;
static const usage_agent_cache_t cache = { words, WORDS, &secret };

/* So that no answer is left out for nobody reads it. */
static volatile unsigned sum;

static usage_agent_t ask_cache(const char *agent, apr_size_t length)
{
    return usage_agent_unpack(
        usage_agent_cached(&cache, agent, length, NULL).bits);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int by_size(const void *one, const void *other)
{
    double a = *(const double *)one;
    double b = *(const double *)other;
    return (a > b) - (a < b);
}

/* Nanoseconds an agent: the median of the rounds, and their slowest tenth. */
static void report(const char *what, ask_fn ask)
{
    static double costs[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        double begun = seconds();
        for (int i = 0; i < count; i++) {
            sum += ask(agents[i], lengths[i]).version;
        }
        costs[round] = (seconds() - begun) * 1e9 / count;
    }
    qsort(costs, ROUNDS, sizeof *costs, by_size);
    printf("%-14s %7.0f ns an agent (median of %d rounds; 90 %% of them under "
           "%.0f)\n",
           what, costs[ROUNDS / 2], ROUNDS, costs[ROUNDS * 9 / 10]);
}

static apr_size_t read_agents(void)
{
    char *line = NULL;
    size_t size = 0;
    apr_size_t bytes = 0;
    while (count < AGENTS && getline(&line, &size, stdin) > 0) {
        line[strcspn(line, "\t\n")] = '\0';
        agents[count] = strdup(line);
        lengths[count] = strlen(line);
        bytes += lengths[count];
        count++;
    }
    free(line);
    return bytes;
}

int main(void)
{
    usage_secret_make(&secret, 0x5eed);
    apr_size_t bytes = read_agents();
    if (count == 0) {
        fputs("no agents on standard input\n", stderr);
        return EXIT_FAILURE;
    }
    printf("%d agents of %.0f bytes on average\n", count,
           (double)bytes / count);
    report("never seen", usage_agent_classify);
    report("known", ask_cache);
    return EXIT_SUCCESS;
}
