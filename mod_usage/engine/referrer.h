/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a visit came from: the host that a Referer names, never its URL. Hosts
 * of search engines, social networks, AI assistants and mail have one name
 * together, whatever their country or subdomain.
 */
#ifndef USAGE_REFERRER_H
#define USAGE_REFERRER_H

#include <stdbool.h>

#include "table.h"

/** X(id, category): the kinds of sources, and what they are stored under. */
#define USAGE_SOURCE_LIST(X)                                                   \
    X(DIRECT, "source-direct")                                                 \
    X(SITE, "source-site")                                                     \
    X(SEARCH, "source-search")                                                 \
    X(SOCIAL, "source-social")                                                 \
    X(AI, "source-ai")                                                         \
    X(MAIL, "source-mail")

#define USAGE_SOURCE_ENUM(id, category) USAGE_SOURCE_##id,
typedef enum usage_source_kind_e {
    USAGE_SOURCE_LIST(USAGE_SOURCE_ENUM) USAGE_SOURCE_KINDS
} usage_source_kind_e;
#undef USAGE_SOURCE_ENUM

/** The category of a kind of sources. */
const char *usage_source_category(usage_source_kind_e kind);

/** The name of what comes from nowhere: no Referer, or one that names no
 * host. */
#define USAGE_SOURCE_NONE "(direct)"

/** The name of what comes from a page of the server's own. */
#define USAGE_SOURCE_OWN "(own pages)"

/** The name of hosts that are known by an address alone. */
#define USAGE_SOURCE_ADDRESS "(an address)"

/** Bytes of a host's name at most (RFC 1035), its NUL included. */
#define USAGE_SOURCE_HOST_SIZE 254

/** The host of a URL, in small letters, and what was made of it. */
typedef struct usage_source_t {
    usage_source_kind_e kind;
    usage_text_t name; /**< lies in `host`, or is static */
    bool is_address; /**< the host has no name */
    char host[USAGE_SOURCE_HOST_SIZE]; /**< without "www."; empty: none */
} usage_source_t;

/**
 * Tell the source that a Referer names.
 * @param referer  its value, or NULL
 * @param source   set to it; whether the host is the server's own is for the
 *                 caller to tell
 */
void usage_referrer_read(const char *referer, usage_source_t *source);

#endif
