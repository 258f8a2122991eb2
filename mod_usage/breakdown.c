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
#include "engine/path.h"
#include "engine/referrer.h"
#include "engine/text.h"
#include "engine/version.h"
#include "geo.h"
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

static void count(const request_rec *root, usage_names_e sort,
                  const char *category, usage_text_t name)
{
    usage_event_t event = { .sort = sort,
                            .category = usage_text_of(category),
                            .name = name,
                            .count = 1 };
    usage_event_count(usage_segment_memory(),
                      usage_server_conf(root->server)->host, &event,
                      apr_time_sec(root->request_time));
}

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

static void count_source(const request_rec *root,
                         const usage_server_conf_t *conf)
{
    usage_source_t source;
    usage_referrer_read(apr_table_get(root->headers_in, "Referer"), &source);
    if (is_own(root, conf, source.host)) {
        source.kind = USAGE_SOURCE_DIRECT;
        source.name = usage_text_of(USAGE_SOURCE_OWN);
    }
    count(root, USAGE_NAMES_SOURCE, usage_source_category(source.kind),
          source.name);
}

static void count_country(const request_rec *root,
                          const usage_server_conf_t *conf)
{
    count(root, USAGE_NAMES_COUNTRY, "country",
          usage_geo_country(conf->global->geo, root->useragent_addr));
}

static void count_language(const request_rec *root)
{
    usage_language_t room;
    count(root, USAGE_NAMES_LANGUAGE, "language",
          usage_language_read(
              apr_table_get(root->headers_in, "Accept-Language"), &room));
}

static void count_versions(const request_rec *root, apr_uint32_t bits)
{
    usage_agent_t agent = usage_agent_unpack(bits);
    usage_version_t room;
    if (agent.is_bot) {
        return;
    }
    count(root, USAGE_NAMES_VERSION, "browser-version",
          usage_version_browser(&agent, &room));
    count(root, USAGE_NAMES_VERSION, "system-version",
          usage_version_system(
              &agent, apr_table_get(root->headers_in, "User-Agent"), &room));
}

static void count_campaign(const request_rec *root)
{
    usage_campaign_room_t room;
    usage_clean_buffer_t buffer;
    usage_text_t value;
    for (int i = 0; i < USAGE_CAMPAIGNS; i++) {
        if (usage_campaign_find(root->parsed_uri.query, (usage_campaign_e)i,
                                &value, &room)) {
            count(root, USAGE_NAMES_CAMPAIGN,
                  usage_campaign_category((usage_campaign_e)i),
                  usage_clean_name(value, &buffer));
        }
    }
}

void usage_breakdown_visit(const request_rec *root,
                           const usage_server_conf_t *conf, apr_uint32_t agent)
{
    unsigned set = conf->breakdowns;
    if ((set & USAGE_BREAKDOWN_BIT(SOURCE)) != 0) {
        count_source(root, conf);
    }
    if ((set & USAGE_BREAKDOWN_BIT(COUNTRY)) != 0) {
        count_country(root, conf);
    }
    if ((set & USAGE_BREAKDOWN_BIT(LANGUAGE)) != 0) {
        count_language(root);
    }
    if ((set & USAGE_BREAKDOWN_BIT(VERSION)) != 0) {
        count_versions(root, agent);
    }
    if ((set & USAGE_BREAKDOWN_BIT(CAMPAIGN)) != 0
        && root->parsed_uri.query != NULL) {
        count_campaign(root);
    }
}

/* "host path": the site whose link led there, "-" if none is known; a host has
 * no space. */
void usage_breakdown_not_found(const request_rec *root)
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

void usage_breakdown_status(const request_rec *root, int status)
{
    char code[16];
    apr_snprintf(code, sizeof code, "%d", status);
    count(root, USAGE_NAMES_CLOSED, "status", usage_text_of(code));
}
