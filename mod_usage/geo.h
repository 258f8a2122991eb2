/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Countries of addresses, by a database in MaxMind's format (GeoLite2-Country,
 * DB-IP Lite and others). The address is looked up and forgotten.
 */
#ifndef USAGE_GEO_H
#define USAGE_GEO_H

#include <httpd.h>
#include <http_config.h>

#include "engine/geo_tree.h"
#include "engine/table.h"

/** The name of countries that nobody knows. */
#define USAGE_GEO_UNKNOWN "(unknown)"

/** An open database. */
typedef struct usage_geo_t usage_geo_t;

/** Set UsageGeoDB: open the database, which is closed with the configuration
 * and inherited by children. @return NULL, or what is wrong with it */
const char *usage_set_geo(cmd_parms *cmd, void *dir, const char *file);

/** What a database has of an address; many addresses have one. */
typedef apr_uint32_t usage_geo_entry_t;

/** That of an address of which it has nothing. */
#define USAGE_GEO_NOWHERE USAGE_GEO_TREE_NOTHING

/** Look an address, or NULL, up. From any thread; no system call. */
usage_geo_entry_t usage_geo_find(const usage_geo_t *geo,
                                 const apr_sockaddr_t *address);

/** The country of an entry: two capital letters (ISO 3166), or
 * USAGE_GEO_UNKNOWN. As above. */
usage_text_t usage_geo_country(const usage_geo_t *geo, usage_geo_entry_t entry);

#endif
