/* SPDX-License-Identifier: Apache-2.0 */
/* Reads nodes and the lease, and judges by time alone. One page, one thread. */
#include "nodes.h"

#include <stdlib.h>
#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "engine/keeper.h"

/* Nodes that are listed, and that are asked for. */
#define SHOWN 30
#define ASKED 10000

/* Flush intervals, and seconds at least, that one may be silent. */
#define INTERVALS 3
#define PATIENCE  300

/* Seconds by which a flush may be late: the parent looks every ten. */
#define SLACK 15

/* Seconds after which a silent one is no more listed by its name. */
#define LONG (7 * 86400)

/* Seconds that clocks differ. */
#define SKEW 60

typedef struct asking_t {
    const usage_source_t *source;
    const usage_model_t *model;
    apr_int64_t patience;
    apr_int64_t written; /* when this server last wrote, by the database */
    apr_array_header_t *nodes; /* of usage_node_t */
} asking_t;

static apr_int64_t at_least(apr_int64_t number, apr_int64_t least)
{
    return number > least ? number : least;
}

/* What a node is, by when it last flushed. */
static usage_node_t judge(const asking_t *asking, const usage_node_row_t *row)
{
    apr_int64_t now = asking->model->query->now;
    apr_int64_t age = at_least(now - row->last_flush, 0);
    apr_int64_t ahead = row->last_flush - now;
    apr_int64_t late = age - asking->source->flush_interval;
    return (usage_node_t){
        .name = row->node,
        .version = row->version,
        .last_flush = row->last_flush,
        .age = row->last_flush != 0 ? age : -1,
        .late = late > SLACK ? late : 0,
        .ahead = ahead > SKEW ? ahead : 0,
        .batch = row->batch,
        .is_silent = row->last_flush != 0 && age > asking->patience,
    };
}

static apr_status_t keep_node(void *baton, const usage_node_row_t *row)
{
    asking_t *asking = baton;
    apr_pool_t *pool = asking->nodes->pool;
    usage_node_row_t kept = *row;
    if (strcmp(row->node, asking->source->node) == 0) {
        asking->written = row->last_flush;
        return APR_SUCCESS;
    }
    kept.node = apr_pstrdup(pool, row->node);
    kept.version = apr_pstrdup(pool, row->version);
    APR_ARRAY_PUSH(asking->nodes, usage_node_t) = judge(asking, &kept);
    return APR_SUCCESS;
}

/* We know more of ourselves, but not what was before our start. */
static void add_own(asking_t *asking)
{
    const usage_health_t *health = &asking->model->health;
    usage_node_row_t own = { .node = health->node,
                             .last_flush =
                                 at_least(health->last_flush, asking->written),
                             .batch = health->batch,
                             .version = health->version };
    usage_node_t node = judge(asking, &own);
    node.is_own = true;
    APR_ARRAY_PUSH(asking->nodes, usage_node_t) = node;
}

/* A server's upgrade writes under "name~1" for a while, and then no more. */
static bool is_remnant(const usage_node_t *node,
                       const apr_array_header_t *nodes)
{
    const char *tilde = strrchr(node->name, '~');
    if (!node->is_silent || tilde == NULL || !apr_isdigit(tilde[1])
        || tilde[1 + strspn(tilde + 1, "0123456789")] != '\0') {
        return false;
    }
    apr_size_t length = (apr_size_t)(tilde - node->name);
    for (int i = 0; i < nodes->nelts; i++) {
        const char *name = APR_ARRAY_IDX(nodes, i, usage_node_t).name;
        if (strlen(name) == length && memcmp(name, node->name, length) == 0) {
            return true;
        }
    }
    return false;
}

static int compare(const void *left, const void *right)
{
    const usage_node_t *a = left;
    const usage_node_t *b = right;
    return a->is_silent != b->is_silent ? b->is_silent - a->is_silent
                                        : strcmp(a->name, b->name);
}

static void list(const apr_array_header_t *all, usage_nodes_t *nodes)
{
    apr_array_header_t *listed =
        apr_array_make(all->pool, SHOWN, sizeof(usage_node_t));
    for (int i = 0; i < all->nelts; i++) {
        const usage_node_t *node = &APR_ARRAY_IDX(all, i, usage_node_t);
        if (is_remnant(node, all)) {
            continue;
        }
        if (node->is_silent && !node->is_own && node->age > LONG) {
            nodes->gone++;
        }
        else {
            APR_ARRAY_PUSH(listed, usage_node_t) = *node;
        }
    }
    qsort(listed->elts, (size_t)listed->nelts, sizeof(usage_node_t), compare);
    nodes->rows = (const usage_node_t *)(void *)listed->elts;
    nodes->count = listed->nelts < SHOWN ? listed->nelts : SHOWN;
    nodes->more = listed->nelts - nodes->count;
    if (listed->nelts + nodes->gone == 1) {
        nodes->count = 0;
    }
}

static void read_nodes(const usage_source_t *source, usage_model_t *model,
                       apr_pool_t *pool)
{
    usage_nodes_t *nodes = &model->nodes;
    asking_t asking = {
        .source = source,
        .model = model,
        .patience = at_least(INTERVALS * source->flush_interval, PATIENCE),
        .nodes = apr_array_make(pool, 8, sizeof(usage_node_t)),
    };
    nodes->patience = asking.patience;
    if (source->store->nodes_ask(source->store, ASKED, keep_node, &asking)
        == APR_SUCCESS) {
        add_own(&asking);
        list(asking.nodes, nodes);
    }
}

static void read_lease(const usage_source_t *source, usage_nodes_t *nodes,
                       apr_pool_t *pool)
{
    usage_store_t *store = source->store;
    usage_lease_t lease;
    if (store->keeper->lease_get(store, &lease, pool) == APR_SUCCESS) {
        nodes->keeper = lease.node;
        nodes->kept = lease.done;
    }
}

void usage_nodes_read(const usage_source_t *source, usage_model_t *model,
                      apr_pool_t *pool)
{
    if (source->store == NULL || model->health.database_error != NULL) {
        return;
    }
    read_lease(source, &model->nodes, pool);
    if (*model->query->site == '\0') {
        read_nodes(source, model, pool);
    }
}
