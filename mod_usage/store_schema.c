/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables as a whole: made where they are missing, migrated where they are
 * older, refused where they are newer. One connection at a time does it, where
 * the database has a lock for that; where it has none, or commits at each
 * CREATE (MySQL), all statements that make tables may be run twice, and the
 * version is written last.
 */
#include <apr_strings.h>

#include "dbd.h"
#include "sql.h"

apr_status_t usage_dbd_is_made(usage_store_t *store, apr_int64_t *made)
{
    usage_binding_t nothing = { { NULL } };
    *made = 0;
    return usage_dbd_select(usage_dbd_of(store), "made", &nothing,
                            usage_dbd_take_number, made);
}

/* 0 where there are no tables, or not all of them. */
static apr_status_t find_version(usage_dbd_t *dbd, apr_int64_t *version)
{
    usage_binding_t nothing = { { NULL } };
    apr_int64_t made;
    apr_status_t rv = usage_dbd_is_made(&dbd->store, &made);
    *version = 0;
    if (rv != APR_SUCCESS || made == 0) {
        return rv;
    }
    return usage_dbd_select(dbd, "version", &nothing, usage_dbd_take_number,
                            version);
}

static apr_status_t migrate(usage_dbd_t *dbd, apr_int64_t from)
{
    apr_pool_t *pool = dbd->connection->pool;
    apr_status_t rv = APR_SUCCESS;
    while (rv == APR_SUCCESS && from < usage_sql_version) {
        from++;
        const char *name =
            apr_psprintf(pool, "migrate_%" APR_INT64_T_FMT, from);
        rv = usage_dbd_execute(
            dbd, name,
            apr_psprintf(pool,
                         "bringing the tables to version %" APR_INT64_T_FMT,
                         from));
    }
    return rv;
}

/* Another server may have been faster: look again, once nobody else can. */
static apr_status_t make_or_migrate(usage_dbd_t *dbd)
{
    apr_int64_t version;
    apr_status_t rv = usage_dbd_begin(&dbd->store);
    if (rv == APR_SUCCESS) {
        rv = usage_dbd_execute(dbd, "lock", "locking the tables");
    }
    if (rv == APR_SUCCESS) {
        rv = find_version(dbd, &version);
    }
    if (rv == APR_SUCCESS) {
        rv = version == 0
                 ? usage_dbd_execute(dbd, "schema", "making the tables")
                 : migrate(dbd, version);
    }
    if (rv == APR_SUCCESS) {
        return usage_dbd_commit(&dbd->store);
    }
    usage_dbd_rollback(&dbd->store);
    return rv;
}

static apr_status_t refuse(usage_dbd_t *dbd, apr_int64_t version)
{
    dbd->trouble = USAGE_TROUBLE_FOREIGN;
    dbd->error = apr_psprintf(
        dbd->connection->pool,
        "the tables are of version %" APR_INT64_T_FMT ", this module's of %d: "
        "install the mod_usage that wrote them, or name another database in "
        "DBDParams",
        version, usage_sql_version);
    return APR_EMISMATCH;
}

/* What a new database is told before anything else. */
static apr_status_t create(usage_dbd_t *dbd)
{
    apr_int64_t made;
    if (usage_statement_text(dbd->connection->dialect->driver, "create", 0)
        == NULL) {
        return APR_SUCCESS;
    }
    apr_status_t rv = usage_dbd_is_made(&dbd->store, &made);
    return rv == APR_SUCCESS && made == 0
               ? usage_dbd_execute(dbd, "create", "making the database")
               : rv;
}

/* Some databases can be a cluster's; one that is none refuses this. */
static void join_cluster(usage_dbd_t *dbd)
{
    (void)usage_dbd_execute(dbd, "cluster", "joining a cluster");
}

apr_status_t usage_dbd_prepare(usage_store_t *store)
{
    usage_dbd_t *dbd = usage_dbd_of(store);
    apr_int64_t version = 0;
    apr_status_t rv = create(dbd);
    if (rv == APR_SUCCESS) {
        rv = usage_dbd_execute(dbd, "session", "setting up the connection");
    }
    if (rv == APR_SUCCESS) {
        join_cluster(dbd);
        rv = find_version(dbd, &version);
    }
    if (rv == APR_SUCCESS && version < usage_sql_version) {
        rv = make_or_migrate(dbd);
    }
    if (rv == APR_SUCCESS && version > usage_sql_version) {
        rv = refuse(dbd, version);
    }
    return rv;
}
