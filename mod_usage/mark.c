/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where marks come from. Those of moments go into the ring; those that stand
 * in the configuration, and goLive, which is written once for a database, are
 * the flusher's to write, as the database knows whether they are there.
 */
#include "mark.h"

#include <string.h>

#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>

#include "conf_digest.h"
#include "config.h"
#include "engine/clean.h"
#include "engine/text.h"
#include "engine/utf8.h"
#include "segment.h"

APLOG_USE_MODULE(usage);

#define GO_LIVE "goLive"

/* What outlives the configuration, and the unloading of this module. */
typedef struct retained_t {
    int has_started;
    apr_uint64_t digest; /* of the configuration before, 0: none */
} retained_t;

static usage_standing_t standing;

static retained_t *retained(void)
{
    static const char key[] = "mod_usage mark";
    retained_t *data = ap_retained_data_get(key);
    return data != NULL ? data : ap_retained_data_create(key, sizeof *data);
}

static apr_status_t put(server_rec *s, const usage_mark_row_t *row)
{
    usage_header_t *header = usage_segment_memory()->header;
    bool displaced = false;
    usage_mark_t mark = { .time = row->time,
                          .site = usage_text_of(row->site),
                          .name = usage_text_of(row->name),
                          .category = usage_text_of(row->category) };
    if (header == NULL) {
        return APR_EINIT;
    }
    apr_status_t rv = usage_mark_put(&header->marks, &mark, &displaced);
    if (rv != APR_SUCCESS || displaced) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, rv, s,
                     "USG0082: mod_usage dropped a mark: %d wait for a flush, "
                     "and there is no room for more",
                     USAGE_MARKS_WAITING);
    }
    return rv;
}

apr_status_t usage_mark_add_to(server_rec *s, const char *site,
                               const char *name, const char *category)
{
    usage_clean_buffer_t buffer;
    if (category == NULL || *category == '\0') {
        category = USAGE_MARK_CATEGORY;
    }
    usage_text_t clean = usage_clean_name(usage_text_of(category), &buffer);
    if (*name == '\0' || usage_text_is(clean, USAGE_MARK_SERVER)) {
        return APR_EINVAL;
    }
    const usage_mark_row_t row = { .time = apr_time_sec(apr_time_now()),
                                   .site = site,
                                   .name = name,
                                   .category = category };
    return put(s, &row);
}

apr_status_t usage_mark_add(server_rec *s, const char *name,
                            const char *category)
{
    const usage_host_t *host = usage_server_conf(s)->host;
    if (host == NULL) {
        return APR_EINIT;
    }
    char site[USAGE_NAME_MAX + 1];
    apr_cpystrn(site, host->site.data,
                s->is_virtual ? host->site.length + 1 : 1);
    return usage_mark_add_to(s, site, name, category);
}

static bool is_storable(const char *text)
{
    apr_size_t length = strlen(text);
    return length > 0 && length <= USAGE_NAME_MAX
           && usage_utf8_is_clean(text, length);
}

const char *usage_mark_set(cmd_parms *cmd, void *dir, const char *name,
                           const char *category)
{
    usage_server_conf_t *conf = usage_server_conf(cmd->server);
    usage_mark_row_t row = {
        .name = name,
        .category = category != NULL ? category : USAGE_MARK_CATEGORY,
    };
    (void)dir;
    if (!is_storable(name) || !is_storable(row.category)) {
        return "UsageMark: a mark's name and category are 1 to 255 bytes of "
               "UTF-8 each, without control characters";
    }
    if (strcmp(row.category, USAGE_MARK_SERVER) == 0) {
        return "UsageMark: the category '" USAGE_MARK_SERVER "' has the "
               "marks of the module's own; give this one another";
    }
    if (conf->marks == NULL) {
        conf->marks = apr_array_make(cmd->pool, 2, sizeof row);
    }
    APR_ARRAY_PUSH(conf->marks, usage_mark_row_t) = row;
    return NULL;
}

const char *usage_mark_set_post(cmd_parms *cmd, void *dir, int on)
{
    usage_dir_conf_t *conf = dir;
    (void)cmd;
    conf->takes_marks = on;
    return NULL;
}

/* The main server's are of all sites, a virtual host's of its own. */
static void add_standing(apr_array_header_t *rows, const server_rec *s,
                         apr_int64_t now)
{
    const usage_server_conf_t *conf = usage_server_conf(s);
    apr_pool_t *pool = rows->pool;
    const char *site = s->is_virtual ? apr_pstrmemdup(
                           pool, conf->host->site.data, conf->host->site.length)
                                     : "";
    for (int i = 0; conf->marks != NULL && i < conf->marks->nelts; i++) {
        usage_mark_row_t row = APR_ARRAY_IDX(conf->marks, i, usage_mark_row_t);
        row.site = site;
        row.time = now;
        APR_ARRAY_PUSH(rows, usage_mark_row_t) = row;
    }
}

/* While the database has not the marks of the first, goLive is the time of
 * that. */
static void stand(server_rec *main_server, usage_mark_ring_t *ring,
                  apr_int64_t now, apr_pool_t *pool)
{
    apr_array_header_t *rows =
        apr_array_make(pool, 4, sizeof(usage_mark_row_t));
    apr_uint32_t reading = atomic_load(&ring->reading);
    if (reading == atomic_load(&ring->written)) {
        atomic_store(&ring->since, now);
    }
    atomic_store(&ring->reading, reading + 1);
    usage_mark_row_t live = { .time = atomic_load(&ring->since),
                              .site = "",
                              .name = GO_LIVE,
                              .category = USAGE_MARK_SERVER };
    APR_ARRAY_PUSH(rows, usage_mark_row_t) = live;
    for (server_rec *s = main_server; s != NULL; s = s->next) {
        add_standing(rows, s, now);
    }
    standing = (usage_standing_t){
        .reading = reading + 1,
        .time = now,
        .version = USAGE_VERSION,
        .rows = (const usage_mark_row_t *)(void *)rows->elts,
        .count = rows->nelts,
    };
}

static void put_own(server_rec *s, const char *what, apr_int64_t now,
                    apr_pool_t *pool)
{
    const char *node = usage_server_conf(s)->global->node;
    const usage_mark_row_t row = { .time = now,
                                   .site = "",
                                   .name =
                                       apr_pstrcat(pool, what, " ", node, NULL),
                                   .category = USAGE_MARK_SERVER };
    put(s, &row);
}

void usage_mark_begin(server_rec *s, apr_pool_t *pconf)
{
    usage_mark_ring_t *ring = &usage_segment_memory()->header->marks;
    retained_t *data = retained();
    apr_int64_t now = apr_time_sec(apr_time_now());
    apr_uint64_t digest = usage_conf_digest();
    apr_uint64_t before =
        data->digest != 0 ? data->digest : atomic_load(&ring->digest);
    put_own(s, data->has_started ? "restart" : "start", now, pconf);
    if (before != 0 && before != digest) {
        put_own(s, "configuration", now, pconf);
    }
    data->has_started = 1;
    data->digest = digest;
    atomic_store(&ring->digest, digest);
    stand(s, ring, now, pconf);
}

const usage_standing_t *usage_mark_standing(void)
{
    return &standing;
}
