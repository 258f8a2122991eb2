/* SPDX-License-Identifier: Apache-2.0 */
/* The cache of agents: the same answers, whoever else writes to it. */
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/agent_cache.h"

enum { WORDS = 64 };

/* What is asked for in turns: of few words, so that all places are fought
 * over. */
static const char *const parts[] = { "Chrome/126.0",  "Firefox/127.0",
                                     "Googlebot/2.1", "Edg/125.0",
                                     "quuxbot",       "Version/17 Safari/1" };

static const usage_secret_t *secret_make(void)
{
    static usage_secret_t secret;
    usage_secret_make(&secret, 0x5eed);
    return &secret;
}

static usage_agent_t ask(const usage_agent_cache_t *cache, const char *agent,
                         apr_size_t length,
                         const usage_agent_patterns_t *patterns)
{
    return usage_agent_unpack(
        usage_agent_cached(cache, agent, length, patterns).bits);
}

static const usage_agent_cache_t *cache_make(apr_uint32_t count)
{
    usage_agent_cache_t *cache = apr_palloc(unit_pool, sizeof *cache);
    void *words =
        mmap(NULL, count * sizeof(apr_uint64_t), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(words, MAP_FAILED);
    *cache = (usage_agent_cache_t){ words, count, secret_make() };
    return cache;
}

static apr_size_t agent_make(char *agent, size_t size, unsigned number)
{
    return (apr_size_t)snprintf(agent, size,
                                "Mozilla/5.0 (Windows NT 10.0; %u) %s", number,
                                parts[number % (sizeof parts / sizeof *parts)]);
}

static bool is_right(const usage_agent_cache_t *cache, unsigned number)
{
    char agent[128];
    apr_size_t length = agent_make(agent, sizeof agent, number);
    usage_agent_t cached = ask(cache, agent, length, NULL);
    usage_agent_t fresh = usage_agent_classify(agent, length);
    return usage_agent_pack(&cached) == usage_agent_pack(&fresh);
}

/* Whether 200,000 questions in an order of one's own get the right answers. */
static bool is_right_always(const usage_agent_cache_t *cache, unsigned seed)
{
    unsigned number = seed;
    for (int i = 0; i < 200000; i++) {
        number = number * 1664525 + 1013904223;
        if (!is_right(cache, number >> 8 & 0x3FF)) {
            return false;
        }
    }
    return true;
}

static void *ask_in_thread(void *data)
{
    return is_right_always(data, 1) ? NULL : data;
}

START_TEST(cache_gives_the_answer_of_classify)
{
    const usage_agent_cache_t *cache = cache_make(WORDS);
    for (unsigned i = 0; i < 1000; i++) {
        ck_assert(is_right(cache, i % 50));
    }
}
END_TEST

START_TEST(known_agent_is_not_classified_again)
{
    const usage_agent_cache_t *cache = cache_make(USAGE_AGENT_WAYS);
    usage_agent_t mark = { .device = USAGE_DEVICE_TV, .version = 77 };
    ask(cache, "Firefox/1", 9, NULL);
    int place = 0;
    while (place < USAGE_AGENT_WAYS - 1 && cache->words[place] == 0) {
        place++;
    }
    cache->words[place] =
        (cache->words[place] & 0xFFFFFFFF00000000U) | usage_agent_pack(&mark);
    usage_agent_t agent = ask(cache, "Firefox/1", 9, NULL);
    ck_assert_int_eq(agent.device, USAGE_DEVICE_TV);
    ck_assert_int_eq(agent.version, 77);
}
END_TEST

START_TEST(sites_with_own_patterns_do_not_share_answers)
{
    const usage_agent_cache_t *cache = cache_make(WORDS);
    apr_array_header_t *rows =
        apr_array_make(unit_pool, 1, sizeof(usage_agent_pattern_t));
    APR_ARRAY_PUSH(rows, usage_agent_pattern_t) =
        usage_agent_pattern_make(USAGE_BOT_KIND_SEO, "windows", unit_pool);
    usage_agent_patterns_t *patterns =
        usage_agent_patterns_make(rows, unit_pool);
    char agent[128];
    apr_size_t length = agent_make(agent, sizeof agent, 0);
    for (int i = 0; i < 3; i++) {
        ck_assert(!ask(cache, agent, length, NULL).is_bot);
        ck_assert(ask(cache, agent, length, patterns).is_bot);
    }
}
END_TEST

START_TEST(million_agents_stay_in_their_words)
{
    /* A word on each side that must stay as it is. */
    static _Atomic apr_uint64_t words[WORDS + 2];
    const usage_agent_cache_t cache = { words + 1, WORDS, secret_make() };
    words[0] = words[WORDS + 1] = 12345;
    for (unsigned i = 0; i < 1000000; i++) {
        char agent[64];
        apr_size_t length = agent_make(agent, sizeof agent, i * 2654435761U);
        ask(&cache, agent, length, NULL);
    }
    ck_assert(words[0] == 12345 && words[WORDS + 1] == 12345);
    for (int i = 1; i <= WORDS; i++) {
        ck_assert(words[i] != 0);
    }
}
END_TEST

START_TEST(threads_and_processes_get_right_answers)
{
    const usage_agent_cache_t *cache = cache_make(WORDS);
    pthread_t thread;
    void *wrong = NULL;
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        _exit(is_right_always(cache, 2) ? 0 : 1);
    }
    ck_assert_int_eq(
        pthread_create(&thread, NULL, ask_in_thread, (void *)cache), 0);
    ck_assert(is_right_always(cache, 3));
    pthread_join(thread, &wrong);
    ck_assert_ptr_null(wrong);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("agent_cache");
    TCase *tcase = unit_case(suite, "agent_cache");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, cache_gives_the_answer_of_classify);
    tcase_add_test(tcase, known_agent_is_not_classified_again);
    tcase_add_test(tcase, sites_with_own_patterns_do_not_share_answers);
    tcase_add_test(tcase, million_agents_stay_in_their_words);
    tcase_add_test(tcase, threads_and_processes_get_right_answers);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
