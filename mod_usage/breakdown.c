/* SPDX-License-Identifier: Apache-2.0 */
/* Counts breakdowns. Runs in every thread of every child: of a visit when its
 * first view is counted, of a hit when its answer was sent. */
#include "breakdown.h"

#include <string.h>

#include <apr_hash.h>
#include <apr_strings.h>

#include "engine/campaign.h"
#include "engine/clean.h"
#include "engine/event.h"
#include "engine/language.h"
#include "engine/memo.h"
#include "engine/often.h"
#include "engine/path.h"
#include "engine/referrer.h"
#include "engine/text.h"
#include "engine/version.h"
#include "geo.h"
#include "headers.h"
#include "request.h"
#include "segment.h"

#define WORD(id, word) [USAGE_BREAKDOWN_##id] = word,

static const char *const words[USAGE_BREAKDOWNS] = { USAGE_BREAKDOWN_LIST(
    WORD) };

static bool parse(const char *word, unsigned *set)
{
    for (int i = 0; i < USAGE_BREAKDOWNS; i++) {
        if (ap_cstr_casecmp(word, words[i]) == 0) {
            *set |= 1U << i;
            return true;
        }
    }
    if (ap_cstr_casecmp(word, "none") == 0) {
        *set = 0;
        return true;
    }
    return false;
}

const char *usage_set_breakdowns(cmd_parms *cmd, void *dir, int argc,
                                 char *const argv[])
{
    usage_server_conf_t *conf = usage_server_conf(cmd->server);
    (void)dir;
    conf->breakdowns = 0;
    conf->has_breakdowns = true;
    for (int i = 0; i < argc; i++) {
        if (!parse(argv[i], &conf->breakdowns)) {
            return apr_psprintf(cmd->pool,
                                "UsageBreakdown: '%s' is none of source, "
                                "country, language, version, campaign, "
                                "status, not-found and none",
                                argv[i]);
        }
    }
    return argc > 0 ? NULL
                    : "UsageBreakdown needs what to break visits down by, or "
                      "none";
}

static USAGE_OFTEN usage_memo_t memo_of(const request_rec *root)
{
    return usage_memo_begin(usage_segment_memory(),
                            usage_server_conf(root->server)->host,
                            usage_request_second(root));
}

static apr_uint64_t count(const request_rec *root, usage_names_e sort,
                          const char *category, usage_text_t name)
{
    usage_event_t event = { .sort = sort,
                            .category = usage_text_of(category),
                            .name = name,
                            .count = 1 };
    return usage_event_count(usage_segment_memory(),
                             usage_server_conf(root->server)->host, &event,
                             usage_request_second(root));
}

#define HEADER_OF(root, name)                                                  \
    usage_text_of(usage_headers_one((root)->headers_in, name, sizeof(name) - 1))

/* Names without "www.", as usage_source_t has them. */
static const char *bare(const char *name)
{
    return strncasecmp(name, "www.", 4) == 0 && name[4] != '\0' ? name + 4
                                                                : name;
}

static void note_host(apr_hash_t *hosts, const char *name, apr_pool_t *pool)
{
    if (name != NULL) {
        char *lowered = apr_pstrdup(pool, bare(name));
        ap_str_tolower(lowered);
        apr_hash_set(hosts, lowered, APR_HASH_KEY_STRING, lowered);
    }
}

apr_hash_t *usage_breakdown_own_hosts(const server_rec *main_server,
                                      apr_pool_t *pool)
{
    apr_hash_t *hosts = apr_hash_make(pool);
    for (const server_rec *s = main_server; s != NULL; s = s->next) {
        note_host(hosts, s->server_hostname, pool);
        for (int i = 0; s->names != NULL && i < s->names->nelts; i++) {
            note_host(hosts, APR_ARRAY_IDX(s->names, i, const char *), pool);
        }
    }
    return hosts;
}

static bool is_own(const request_rec *root, const usage_server_conf_t *conf,
                   const char *host)
{
    return *host != '\0'
           && ((root->hostname != NULL
                && ap_cstr_casecmp(bare(root->hostname), host) == 0)
               || apr_hash_get(conf->global->own_hosts, host,
                               APR_HASH_KEY_STRING)
                      != NULL);
}

/* Whether the client named the virtual host as its ServerName does, which
 * is_own finds among all own hosts: most do. */
static bool is_server_name(const request_rec *root)
{
    return root->hostname != NULL && root->server->server_hostname != NULL
           && strcmp(root->hostname, root->server->server_hostname) == 0;
}

static void count_source(const request_rec *root,
                         const usage_server_conf_t *conf, usage_memo_t *memo)
{
    usage_source_t source;
    usage_text_t referrer = HEADER_OF(root, "Referer");
    usage_memo_look(memo, USAGE_MEMO_SOURCE, referrer);
    if (referrer.length > 0 && !is_server_name(root)) {
        usage_memo_also(memo, usage_text_of(root->hostname));
    }
    if (usage_memo_count(memo)) {
        return;
    }
    usage_referrer_read(referrer.data, &source);
    if (is_own(root, conf, source.host)) {
        source.kind = USAGE_SOURCE_DIRECT;
        source.name = usage_text_of(USAGE_SOURCE_OWN);
    }
    usage_memo_keep(memo,
                    count(root, USAGE_NAMES_SOURCE,
                          usage_source_category(source.kind), source.name));
}

/* The address itself is looked up each time, and remembered nowhere. */
static void count_country(const request_rec *root,
                          const usage_server_conf_t *conf, usage_memo_t *memo)
{
    const usage_geo_t *geo = conf->global->geo;
    usage_geo_entry_t entry = usage_geo_find(geo, root->useragent_addr);
    usage_memo_look_number(memo, USAGE_MEMO_COUNTRY, entry);
    if (!usage_memo_count(memo)) {
        usage_memo_keep(memo, count(root, USAGE_NAMES_COUNTRY, "country",
                                    usage_geo_country(geo, entry)));
    }
}

static void count_language(const request_rec *root, usage_memo_t *memo)
{
    usage_language_t room;
    usage_text_t accepted = HEADER_OF(root, "Accept-Language");
    usage_memo_look(memo, USAGE_MEMO_LANGUAGE, accepted);
    if (!usage_memo_count(memo)) {
        usage_memo_keep(memo, count(root, USAGE_NAMES_LANGUAGE, "language",
                                    usage_language_read(accepted.data, &room)));
    }
}

static void count_browser(const request_rec *root, apr_uint32_t bits,
                          usage_memo_t *memo)
{
    usage_agent_t agent = usage_agent_unpack(bits);
    usage_version_t room;
    usage_memo_look_number(memo, USAGE_MEMO_BROWSER, bits);
    if (!usage_memo_count(memo)) {
        usage_memo_keep(memo,
                        count(root, USAGE_NAMES_VERSION, "browser-version",
                              usage_version_browser(&agent, &room)));
    }
}

static void count_system(const request_rec *root, apr_uint32_t bits,
                         usage_memo_t *memo)
{
    usage_agent_t agent = usage_agent_unpack(bits);
    usage_version_t room;
    usage_text_t text = HEADER_OF(root, "User-Agent");
    usage_memo_look_number(memo, USAGE_MEMO_SYSTEM, bits);
    usage_memo_also(memo, text); /* hints can have changed the bits */
    if (!usage_memo_count(memo)) {
        usage_memo_keep(memo,
                        count(root, USAGE_NAMES_VERSION, "system-version",
                              usage_version_system(&agent, text.data, &room)));
    }
}

static apr_uint64_t read_campaign(const request_rec *root,
                                  usage_campaign_e which)
{
    usage_campaign_room_t room;
    usage_clean_buffer_t buffer;
    usage_text_t value;
    return usage_campaign_find(root->parsed_uri.query, which, &value, &room)
               ? count(root, USAGE_NAMES_CAMPAIGN,
                       usage_campaign_category(which),
                       usage_clean_name(value, &buffer))
               : 0;
}

static void count_campaign(const request_rec *root, usage_memo_t *memo)
{
    usage_text_t query = usage_text_of(root->parsed_uri.query);
    usage_memo_look(memo, USAGE_MEMO_CAMPAIGN, query);
    for (int i = 0; i < USAGE_CAMPAIGNS; i++) {
        if (!usage_memo_count(memo)) {
            usage_memo_keep(memo, read_campaign(root, (usage_campaign_e)i));
        }
        usage_memo_next(memo);
    }
}

void usage_breakdown_visit(const request_rec *root,
                           const usage_server_conf_t *conf, apr_uint32_t agent)
{
    unsigned set = conf->breakdowns;
    usage_memo_t memo = memo_of(root);
    if ((set & USAGE_BREAKDOWN_BIT(SOURCE)) != 0) {
        count_source(root, conf, &memo);
    }
    if ((set & USAGE_BREAKDOWN_BIT(COUNTRY)) != 0) {
        count_country(root, conf, &memo);
    }
    if ((set & USAGE_BREAKDOWN_BIT(LANGUAGE)) != 0) {
        count_language(root, &memo);
    }
    if ((set & USAGE_BREAKDOWN_BIT(VERSION)) != 0
        && !usage_agent_unpack(agent).is_bot) {
        count_browser(root, agent, &memo);
        count_system(root, agent, &memo);
    }
    if ((set & USAGE_BREAKDOWN_BIT(CAMPAIGN)) != 0
        && root->parsed_uri.query != NULL) {
        count_campaign(root, &memo);
    }
}

/* "host path": the site whose link led there, "-" if none is known; a host has
 * no space. */
USAGE_RARELY void usage_breakdown_not_found(const request_rec *root)
{
    usage_source_t source;
    usage_clean_buffer_t buffer;
    bool fits; /* what is too long is cut off */
    const char *path = usage_request_path(root);
    usage_referrer_read(apr_table_get(root->headers_in, "Referer"), &source);
    bool has_name = *source.host != '\0' && !source.is_address;
    const char *name =
        apr_pstrcat(root->pool, has_name ? source.host : "-", " ",
                    path != NULL ? path : USAGE_PATH_OVERFLOW, NULL);
    count(root, USAGE_NAMES_NOT_FOUND, "not-found",
          usage_clean_write(usage_text_of(name), &buffer, &fits));
}

USAGE_SOMETIMES void usage_breakdown_status(const request_rec *root, int status)
{
    usage_memo_t memo = memo_of(root);
    char code[16];
    usage_memo_look_number(&memo, USAGE_MEMO_STATUS, (unsigned)status);
    if (!usage_memo_count(&memo)) {
        apr_snprintf(code, sizeof code, "%d", status);
        usage_memo_keep(&memo, count(root, USAGE_NAMES_CLOSED, "status",
                                     usage_text_of(code)));
    }
}
