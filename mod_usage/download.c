/* SPDX-License-Identifier: Apache-2.0 */
/* Tells downloads, and whether they were finished. Runs in every thread of
 * every child, when the response is over. */
#include "download.h"

#include <string.h>

#include <apr_strings.h>

#include "engine/event.h"
#include "engine/memo.h"
#include "engine/often.h"
#include "engine/path.h"
#include "engine/rules.h"
#include "engine/text.h"
#include "engine/utf8.h"
#include "pattern.h"
#include "request.h"
#include "segment.h"

#define CATEGORY "download"

static bool is_extension(const char *word)
{
    apr_size_t length = strlen(word);
    return length > 0 && length <= USAGE_WORD_MAX
           && strpbrk(word, "./+") == NULL && *word != '-'
           && usage_utf8_is_clean(word, length);
}

const char *usage_download_add(cmd_parms *cmd, void *dir, const char *word)
{
    usage_server_conf_t *conf = usage_server_conf(cmd->server);
    bool is_none = ap_cstr_casecmp(word, "none") == 0;
    (void)dir;
    if (!is_extension(word)) {
        return apr_psprintf(cmd->pool,
                            "UsageDownload: '%s' is no extension of 1 to %d "
                            "bytes without its dot, and not none",
                            word, USAGE_WORD_MAX);
    }
    if (conf->download_words == NULL || is_none) {
        conf->download_words = usage_conf_words(cmd->pool);
    }
    if (!is_none) {
        APR_ARRAY_PUSH(conf->download_words, const char *) = word;
    }
    return NULL;
}

const usage_wordset_t *usage_download_set(const usage_server_conf_t *conf,
                                          const usage_server_conf_t *mains,
                                          apr_pool_t *pool)
{
    const apr_array_header_t *words = conf->download_words;
    if (words == NULL || words->nelts == 0) {
        return NULL;
    }
    return mains != NULL && words == mains->download_words
               ? mains->downloads
               : usage_wordset_make(words, pool);
}

/* Whether the header says no more than was sent. */
USAGE_SOMETIMES static bool is_as_announced(const request_rec *last)
{
    const char *announced = apr_table_get(last->headers_out, "Content-Length");
    return announced == NULL || last->bytes_sent >= apr_atoi64(announced);
}

/* Whether all of what the answer announced was sent, for all that httpd knows:
 * what lies in the system's buffers is sent. A length that httpd has set is a
 * number already, and the header says the same; another's is in the header
 * alone. A connection of HTTP/2 has one below it for each request, whose
 * `aborted` does not tell. */
static bool is_whole(const request_rec *last)
{
    const conn_rec *connection = last->connection;
    bool is_set = last->clength > 0 && last->bytes_sent == last->clength;
    return (connection->master != NULL || !connection->aborted)
           && (is_set || is_as_announced(last));
}

/* "bytes 5-9/10" */
static bool ends_with_last_byte(const char *range)
{
    const char *last = range != NULL ? strchr(range, '-') : NULL;
    const char *total = last != NULL ? strchr(last, '/') : NULL;
    return total != NULL && apr_atoi64(last + 1) + 1 == apr_atoi64(total + 1);
}

static bool is_answered(const request_rec *last)
{
    return last->status == HTTP_OK
           || (last->status == HTTP_PARTIAL_CONTENT
               && ends_with_last_byte(
                   apr_table_get(last->headers_out, "Content-Range")));
}

USAGE_SOMETIMES bool usage_download_is_finished(const usage_server_conf_t *conf,
                                                const request_rec *root,
                                                const request_rec *last)
{
    const char *path = usage_request_path(root);
    return path != NULL
           && usage_rules_is_static(conf->downloads,
                                    (usage_text_t){ path, strlen(path) })
           && usage_request_is_get(root) && is_answered(last) && is_whole(last)
           && !(last->content_type != NULL
                && usage_rules_is_page(conf->types, last->content_type));
}

static apr_uint64_t count(const usage_server_conf_t *conf, const char *path,
                          apr_int64_t time)
{
    usage_path_buffer_t buffer;
    usage_event_t event = { .sort = USAGE_NAMES_DOWNLOAD,
                            .category = { CATEGORY, sizeof CATEGORY - 1 },
                            .name = usage_path_clean(path, &buffer),
                            .count = 1 };
    return usage_event_count(usage_segment_memory(), conf->host, &event, time);
}

USAGE_SOMETIMES void usage_download_count(const request_rec *root)
{
    const usage_server_conf_t *conf = usage_server_conf(root->server);
    apr_int64_t time = usage_request_second(root);
    usage_memo_t memo =
        usage_memo_begin(usage_segment_memory(), conf->host, time);
    const char *path =
        usage_pattern_path(conf, usage_request_path(root), root->pool);
    usage_memo_look(&memo, USAGE_MEMO_DOWNLOAD, usage_text_of(path));
    if (!usage_memo_count(&memo)) {
        usage_memo_keep(&memo, count(conf, path, time));
    }
}
