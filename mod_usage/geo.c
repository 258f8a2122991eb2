/* SPDX-License-Identifier: Apache-2.0 */
/* Asks libmaxminddb, if mod_usage was built with it. The file is read by the
 * parent, and asked by every thread of every child. */
#include "geo.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <http_config.h>

#include "config.h"

#ifdef USAGE_MAXMINDDB

#include <maxminddb.h>

struct usage_geo_t {
    MMDB_s database;
    usage_geo_tree_t tree;
};

static apr_status_t close_database(void *geo)
{
    MMDB_close(&((usage_geo_t *)geo)->database);
    return APR_SUCCESS;
}

/* The library has checked that the nodes lie in the file, and 16 bytes more. */
static void set_tree(usage_geo_tree_t *tree, const MMDB_s *database)
{
    tree->nodes = database->file_content;
    tree->count = database->metadata.node_count;
    tree->record_bits = database->metadata.record_size;
    tree->data_length = database->data_section_size;
    tree->is_v6 = database->metadata.ip_version == 6;
    usage_geo_tree_begin(tree);
}

static const char *open_database(const char *file, usage_geo_t **geo,
                                 apr_pool_t *pool)
{
    usage_geo_t *opened = apr_pcalloc(pool, sizeof *opened);
    int status = MMDB_open(file, MMDB_MODE_MMAP, &opened->database);
    if (status != MMDB_SUCCESS) {
        return apr_psprintf(pool,
                            "%s can't be used: %s: give a database of "
                            "countries in MaxMind's format",
                            file, MMDB_strerror(status));
    }
    apr_pool_cleanup_register(pool, opened, close_database,
                              apr_pool_cleanup_null);
    set_tree(&opened->tree, &opened->database);
    *geo = opened;
    return NULL;
}

/* A code is two letters; all else is none. */
static void read_code(MMDB_entry_s *entry, usage_text_t *code)
{
    MMDB_entry_data_s data;
    int status =
        MMDB_get_value(entry, &data, "country", "iso_code", (char *)NULL);
    if (status == MMDB_SUCCESS && data.has_data
        && data.type == MMDB_DATA_TYPE_UTF8_STRING && data.data_size == 2
        && apr_isupper(data.utf8_string[0])
        && apr_isupper(data.utf8_string[1])) {
        *code = (usage_text_t){ data.utf8_string, data.data_size };
    }
}

usage_geo_entry_t usage_geo_find(const usage_geo_t *geo,
                                 const apr_sockaddr_t *address)
{
    bool is_known =
        address != NULL
        && (address->family == APR_INET || address->family == APR_INET6);
    return is_known ? usage_geo_tree_find(&geo->tree, address->ipaddr_ptr,
                                          (apr_size_t)address->ipaddr_len)
                    : USAGE_GEO_NOWHERE;
}

usage_text_t usage_geo_country(const usage_geo_t *geo, usage_geo_entry_t entry)
{
    usage_text_t code = { USAGE_GEO_UNKNOWN, sizeof USAGE_GEO_UNKNOWN - 1 };
    MMDB_entry_s its = { .mmdb = &geo->database, .offset = entry };
    if (entry != USAGE_GEO_NOWHERE) {
        read_code(&its, &code);
    }
    return code;
}

#else

static const char *open_database(const char *file, usage_geo_t **geo,
                                 apr_pool_t *pool)
{
    (void)geo;
    return apr_psprintf(pool,
                        "%s can't be used: this mod_usage was built without "
                        "libmaxminddb: install its development files "
                        "(libmaxminddb-dev) and build mod_usage again",
                        file);
}

usage_geo_entry_t usage_geo_find(const usage_geo_t *geo,
                                 const apr_sockaddr_t *address)
{
    (void)geo;
    (void)address;
    return USAGE_GEO_NOWHERE;
}

usage_text_t usage_geo_country(const usage_geo_t *geo, usage_geo_entry_t entry)
{
    (void)geo;
    (void)entry;
    return (usage_text_t){ USAGE_GEO_UNKNOWN, sizeof USAGE_GEO_UNKNOWN - 1 };
}

#endif

const char *usage_set_geo(cmd_parms *cmd, void *dir, const char *file)
{
    const char *problem = ap_check_cmd_context(cmd, GLOBAL_ONLY);
    const char *path = ap_server_root_relative(cmd->pool, file);
    (void)dir;
    if (problem != NULL) {
        return problem;
    }
    problem =
        path == NULL
            ? "the path is none"
            : open_database(path, &usage_server_conf(cmd->server)->global->geo,
                            cmd->pool);
    return problem == NULL
               ? NULL
               : apr_pstrcat(cmd->pool, "UsageGeoDB: ", problem, NULL);
}
