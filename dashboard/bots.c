/* SPDX-License-Identifier: Apache-2.0 */
/* Sums bots of database and segment. One page, one thread. */
#include "bots.h"

#include <string.h>

#include <apr_strings.h>

#include "engine/agent.h"

/* Bytes of a category before its kind. */
#define PREFIX (sizeof USAGE_BOT_PREFIX - 1)

usage_bots_t usage_bots_make(apr_pool_t *pool)
{
    return (usage_bots_t){ .kinds = usage_tally_make(pool),
                           .names = usage_tally_make(pool) };
}

/* @a length bytes of "kind name". */
static void add(usage_bots_t *bots, const char *bot, apr_size_t length,
                const usage_values_t *values)
{
    const char *space = memchr(bot, ' ', length);
    apr_size_t kind = space != NULL ? (apr_size_t)(space - bot) : length;
    usage_tally_add(&bots->kinds, bot, kind, values);
    usage_tally_add(&bots->names, bot, length, values);
}

apr_status_t usage_bots_answer(void *baton, const usage_answer_t *row)
{
    add(baton, row->name, strlen(row->name), &row->values);
    return APR_SUCCESS;
}

static bool is_bots(const usage_key_t *key)
{
    return key->kind == USAGE_KIND_EVENT && key->category.length > PREFIX
           && memcmp(key->category.data, USAGE_BOT_PREFIX, PREFIX) == 0;
}

void usage_bots_add(usage_bots_t *bots, const usage_key_t *key,
                    const usage_values_t *values)
{
    char bot[2 * USAGE_NAME_MAX + 1];
    if (!is_bots(key)) {
        return;
    }
    apr_size_t kind = key->category.length - PREFIX;
    memcpy(bot, key->category.data + PREFIX, kind);
    bot[kind] = ' ';
    memcpy(bot + kind + 1, key->name.data, key->name.length);
    add(bots, bot, kind + 1 + key->name.length, values);
}

usage_ranking_t usage_bots_kinds(const usage_bots_t *bots)
{
    return usage_tally_rank(&bots->kinds, USAGE_BOT_KINDS);
}

usage_ranking_t usage_bots_names(const usage_bots_t *bots, int limit)
{
    usage_ranking_t ranking = usage_tally_rank(&bots->names, limit);
    apr_pool_t *pool = apr_hash_pool_get(bots->names.by_name);
    usage_ranked_t *rows = apr_pmemdup(
        pool, ranking.rows, (apr_size_t)ranking.distinct * sizeof *rows);
    for (int i = 0; i < ranking.distinct; i++) {
        const char *bot = rows[i].name;
        apr_size_t kind = strcspn(bot, " ");
        rows[i].name = bot + kind + (bot[kind] != '\0');
        rows[i].note = apr_pstrmemdup(pool, bot, kind);
    }
    ranking.rows = rows;
    return ranking;
}
