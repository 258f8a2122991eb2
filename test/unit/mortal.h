/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store whose calls are counted, and at one of which its process dies, when
 * that is ordered, or whose transactions are, and before one of which it waits;
 * it measures them, too. For replay_days.c.
 */
#ifndef MORTAL_H
#define MORTAL_H

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "engine/keeper.h"

enum { KILLED = 99 };

static usage_store_t asked; /* the store's own functions */
static const usage_keeper_t *asked_keeper;
static long calls_left = -1; /* until death, -1: none is ordered */
static long begins_left = -1; /* until it waits, -1: it doesn't */
static int most; /* rows that a transaction deleted */
static int deleted;
static apr_time_t locked; /* when the transaction began, really */
static apr_interval_time_t longest; /* that one took, in microseconds */

static void call(void)
{
    if (calls_left > 0 && --calls_left == 0) {
        _exit(KILLED);
    }
}

#define COUNTED(table, name, types, values)                                    \
    static apr_status_t counted_##name types                                   \
    {                                                                          \
        call();                                                                \
        return table->name values;                                             \
    }

static usage_store_t *const store_asked = &asked;

/* clang-format off */
COUNTED(store_asked, add, (usage_store_t *s, usage_fact_e f,
        const usage_row_t *r, int n), (s, f, r, n))
COUNTED(store_asked, recent_trim, (usage_store_t *s, const char *site,
        apr_int64_t keep, apr_int64_t now), (s, site, keep, now))
COUNTED(asked_keeper, lease_get, (usage_store_t *s, usage_lease_t *l,
        apr_pool_t *p), (s, l, p))
COUNTED(asked_keeper, lease_take, (usage_store_t *s, const usage_claim_t *c),
        (s, c))
COUNTED(asked_keeper, lease_note, (usage_store_t *s, const usage_lease_t *l),
        (s, l))
COUNTED(asked_keeper, seen_make, (usage_store_t *s, const usage_seen_row_t *d,
        int *n), (s, d, n))
COUNTED(asked_keeper, seen_add, (usage_store_t *s, const usage_seen_row_t *d),
        (s, d))
COUNTED(asked_keeper, average_add, (usage_store_t *s, apr_int64_t m,
        const usage_seen_row_t *d, apr_int64_t n), (s, m, d, n))
COUNTED(asked_keeper, shrink, (usage_store_t *s), (s))
/* clang-format on */

/* Says so, and goes on with the next line of stdin. */
static void wait_if_ordered(void)
{
    if (begins_left > 0 && --begins_left == 0) {
        puts("waits");
        fflush(stdout);
        int c;
        do {
            c = getchar();
        } while (c != '\n' && c != EOF);
    }
}

static apr_status_t counted_begin(usage_store_t *s)
{
    call();
    wait_if_ordered();
    apr_status_t rv = asked.begin(s);
    locked = apr_time_now();
    return rv;
}

/* A flusher does it once; what it prepared is gone afterwards. */
static apr_status_t prepare_once(usage_store_t *s)
{
    static bool is_prepared;
    apr_status_t rv = is_prepared ? APR_SUCCESS : asked.prepare(s);
    is_prepared = rv == APR_SUCCESS;
    return rv;
}

static apr_status_t counted_commit(usage_store_t *s)
{
    call();
    apr_status_t rv = asked.commit(s);
    apr_interval_time_t took = apr_time_now() - locked;
    longest = took > longest ? took : longest;
    most = deleted > most ? deleted : most;
    deleted = 0;
    call();
    return rv;
}

static apr_status_t counted_drop(usage_store_t *s, usage_drop_e what,
                                 const usage_scope_t *scope, int *dropped)
{
    call();
    apr_status_t rv = asked_keeper->drop(s, what, scope, dropped);
    deleted += *dropped;
    return rv;
}

static apr_status_t counted_event_take(usage_store_t *s, const usage_row_t *row,
                                       int *taken)
{
    call();
    apr_status_t rv = asked_keeper->event_take(s, row, taken);
    deleted += *taken;
    return rv;
}

static apr_status_t counted_seen_take(usage_store_t *s,
                                      const usage_seen_row_t *row, int *taken)
{
    call();
    apr_status_t rv = asked_keeper->seen_take(s, row, taken);
    deleted += *taken;
    return rv;
}

static void count_calls(usage_store_t *store)
{
    static usage_keeper_t keeper;
    asked = *store;
    asked_keeper = store->keeper;
    keeper = *asked_keeper;
    keeper.lease_get = counted_lease_get;
    keeper.lease_take = counted_lease_take;
    keeper.lease_note = counted_lease_note;
    keeper.drop = counted_drop;
    keeper.event_take = counted_event_take;
    keeper.seen_take = counted_seen_take;
    keeper.seen_make = counted_seen_make;
    keeper.seen_add = counted_seen_add;
    keeper.average_add = counted_average_add;
    keeper.shrink = counted_shrink;
    store->keeper = &keeper;
    store->prepare = prepare_once;
    store->begin = counted_begin;
    store->commit = counted_commit;
    store->add = counted_add;
    store->recent_trim = counted_recent_trim;
}

#endif
