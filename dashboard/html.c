/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page from top to bottom, in the order of usage_html_render() at the end.
 * Runs in the content handler's thread and keeps nothing.
 */
#include "html.h"

#include <stdbool.h>
#include <string.h>

#include "assets.h"
#include "bar.h"
#include "chart_panel.h"
#include "condition.h"
#include "digest.h"
#include "flags.h"
#include "heat_panel.h"
#include "link.h"
#include "panel.h"
#include "pulse.h"
#include "servers.h"
#include "things.h"
#include "tiles.h"

/* Of a base of slashes one is left: two would begin a host's name. */
static void reference_put(usage_sink_t *sink, const char *base,
                          const char *place)
{
    size_t length;

    while (base[0] == '/' && base[1] == '/') {
        base++;
    }
    length = strlen(base);
    usage_sink_html(sink, "%U%s%s", base,
                    length > 0 && base[length - 1] == '/' ? "" : "/", place);
}

/* A file of ours may be kept for ever under this address: with another content
 * it has another one. */
static void asset_put(usage_sink_t *sink, const char *base, const char *place,
                      const char *data, apr_size_t length)
{
    char version[USAGE_VERSION_ROOM];

    usage_digest_version(data, length, version);
    reference_put(sink, base, place);
    usage_sink_html(sink, "?v=%s", version);
}

static void head_render(usage_sink_t *sink, const char *base)
{
    usage_sink_html(sink,
                    "<!DOCTYPE html>\n<html lang=\"%s\" dir=\"%s\">\n<head>\n"
                    "<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, "
                    "initial-scale=1\">\n"
                    "<meta name=\"robots\" content=\"noindex, nofollow\">\n"
                    "<meta name=\"color-scheme\" content=\"light dark\">\n"
                    "<link rel=\"icon\" href=\"data:,\">\n"
                    "<link rel=\"stylesheet\" href=\"",
                    sink->language->tag, sink->language->direction);
    asset_put(sink, base, "style.css", usage_style, usage_style_length);
    usage_sink_html(sink, "\">\n<script src=\"");
    asset_put(sink, base, "script.js", usage_script, usage_script_length);
    usage_sink_html(sink, "\" defer></script>\n");
}

static void languages_put(usage_sink_t *sink, const usage_query_t *query)
{
    usage_query_t other = *query;

    usage_sink_html(sink,
                    "<ul class=\"choice languages\" "
                    "aria-label=\"%w\">",
                    N_("Language"));
    for (int i = 0; i < usage_tongues_count; i++) {
        const usage_language_t *tongue = &usage_tongues[i];

        other.lang = tongue->tag;
        usage_sink_html(sink, "<li><a href=\"");
        usage_link_put(sink, &other);
        usage_sink_html(sink,
                        tongue == sink->language
                            ? "\" aria-current=\"true\" lang=\"%s\">%s</a></li>"
                            : "\" lang=\"%s\">%s</a></li>",
                        tongue->tag, tongue->name);
    }
    usage_sink_html(sink, "</ul>\n");
}

#define LEFT  "\xE2\x86\x90"
#define RIGHT "\xE2\x86\x92"

/* Where it is read from right to left, the days before are on the right. */
static const char *key_of(const usage_sink_t *sink, const char *key)
{
    if (!usage_language_is_rtl(sink->language)) {
        return key;
    }
    return strcmp(key, LEFT) == 0    ? RIGHT
           : strcmp(key, RIGHT) == 0 ? LEFT
                                     : key;
}

/* The keys of assets/script.js, which shows them where it runs. */
static void keys_put(usage_sink_t *sink, const usage_query_t *query)
{
    static const struct {
        const char *key;
        const char *words;
        bool is_alone; /* of a list alone */
    } keys[] = {
        { "D", N_("Today") },
        { "W", N_("7 days") },
        { "T", N_("30 days") },
        { "N", N_("90 days") },
        { "M", N_("This month") },
        { "Y", N_("12 months") },
        { "A", N_("All time") },
        { LEFT, N_("The period before") },
        { RIGHT, N_("The period after") },
        { "J", N_("Next rows"), true },
        { "K", N_("Previous rows"), true },
        { "X", N_("Comparison on or off") },
        { "Esc", N_("Take off the filters") },
        { "?", N_("This list") },
    };

    usage_sink_html(sink,
                    "<details id=\"keys\" hidden><summary>%w</summary>"
                    "<dl>",
                    N_("Keys"));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (*query->panel || !keys[i].is_alone) {
            usage_sink_html(sink,
                            "<div><dt><kbd>%s</kbd></dt><dd>%w</dd></div>",
                            key_of(sink, keys[i].key), keys[i].words);
        }
    }
    usage_sink_html(sink, "</dl></details>\n");
}

/* The same numbers for programs and terminals. Unless a number of rows was
 * asked for, a list, here that of pages, is one page of CSV. */
static void forms_put(usage_sink_t *sink, const char *base,
                      const usage_query_t *query)
{
    static const char *const forms[][2] = { { "json", "JSON" },
                                            { "text", "text" } };
    usage_query_t all = *query;

    usage_sink_html(sink, "<p>%w", N_("The same for programs:"));
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        usage_sink_html(sink, " <a href=\"");
        reference_put(sink, base, forms[i][0]);
        usage_link_put(sink, query);
        usage_sink_html(sink, "\">%s</a>", forms[i][1]);
    }
    all.page = query->has_limit ? query->page : 1;
    usage_sink_html(sink, " <a href=\"");
    reference_put(sink, base, "csv");
    usage_link_put(sink, &all);
    usage_sink_html(sink, "&amp;table=%u\">CSV</a></p>\n",
                    *query->panel ? query->panel : "pages");
}

static void footer_render(usage_sink_t *sink, const char *base,
                          const usage_query_t *query)
{
    usage_sink_html(sink, "<footer>\n<p>");
    usage_sink_say(sink,
                   "As of %T %s, counted by this server "
                   "itself: no script in its pages, no cookie, no address "
                   "kept.",
                   query->now, sink->zone->name);
    usage_sink_html(sink, "</p>\n");
    forms_put(sink, base, query);
    languages_put(sink, query);
    keys_put(sink, query);
    usage_sink_html(sink, "</footer>\n</body>\n</html>\n");
}

/* Everything, in the order in which it is asked for. */
static void lists_render(usage_sink_t *sink, const usage_model_t *model)
{
    bool is_some = model->hits > 0;

    usage_tiles_render(sink, model);
    usage_chart_panel_render(sink, model);
    if (is_some) {
        usage_panels_render(sink, model, false);
        usage_heat_panel_render(sink, model);
        usage_panels_render(sink, model, true);
    }
    if (is_some || model->newest_count > 0) {
        usage_pulse_render(sink, model);
    }
    usage_things_render(sink, model);
    usage_flags_list(sink, model);
    usage_servers_render(sink, model);
    usage_condition_render(sink, model);
    if (is_some) {
        usage_missing_render(sink, model);
    }
}

static void title_put(usage_sink_t *sink, const usage_query_t *query)
{
    usage_sink_html(sink, "<title>");
    usage_sink_say(sink, "Usage of %s, %w", usage_bar_site(sink, query->site),
                   usage_period_label(query->period));
    usage_sink_html(sink,
                    "</title>\n</head>\n<body>\n"
                    "<a class=\"skip\" href=\"#numbers\">%w</a>\n",
                    N_("Skip to the numbers"));
}

apr_status_t usage_html_render(const usage_model_t *model, const char *base,
                               usage_sink_t *sink)
{
    const usage_query_t *query = model->query;

    sink->zone = query->zone;
    if (*query->lang) {
        sink->language = usage_language_find(query->lang);
    }
    head_render(sink, base);
    title_put(sink, query);
    usage_bar_render(sink, model);
    usage_sink_html(sink, "<main id=\"numbers\">\n");
    usage_condition_notices(sink, &model->health);
    if (*query->panel) {
        usage_panel_alone_render(sink, model);
    }
    else {
        lists_render(sink, model);
    }
    usage_sink_html(sink, "</main>\n");
    footer_render(sink, base, query);
    return usage_sink_flush(sink);
}

apr_status_t usage_html_problem(const char *problem, const char *base,
                                usage_sink_t *sink)
{
    head_render(sink, base);
    usage_sink_html(sink,
                    "<title>%w</title>\n</head>\n<body>\n"
                    "<header><h1>%w</h1></header>\n"
                    "<main><p class=\"notice\">%w</p>\n"
                    "<p><a href=\"?\">%w</a></p></main>\n"
                    "</body>\n</html>\n",
                    N_("Usage"), N_("Usage"), problem,
                    N_("Show the last 30 days"));
    return usage_sink_flush(sink);
}
