/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A panel is one row of `panels`: which ranking of the model it shows and in
 * what words. Names come from outside: isolated (bdi) and written from left
 * to right, they leave the rest of the page where it is.
 */
#include "panel.h"

#include <stddef.h>
#include <string.h>

#include "engine/path.h"
#include "pulse.h"
#include "svg.h"
#include "words.h"

/** A name, and what it means. */
typedef struct usage_meaning_t {
    const char *name;
    const char *words;
} usage_meaning_t;

typedef struct usage_panel_t {
    const char *id;
    const char *title;
    const char *column; /**< what the names are */
    const char *count; /**< what the numbers count */
    const char *empty; /**< what to say when there is no row */
    const char *sum; /**< what the sum is, NULL to leave it out */
    size_t ranking; /**< where it is in the model */
    const usage_meaning_t *meanings; /**< ends with a NULL name, or NULL */
} usage_panel_t;

static const usage_meaning_t page_meanings[] = {
    { USAGE_PATH_OVERFLOW, "paths without a place of their own" },
    { NULL, NULL },
};

/* clang-format off */
static const usage_meaning_t outcome_meanings[] = {
    { "view",     "a page, shown to a person" },
    { "asset",    "an image, a style sheet, a script: part of a page" },
    { "type",     "answered with what is no page, such as a feed" },
    { "prefetch", "fetched ahead by a browser, and perhaps never seen" },
    { "fetch",    "asked for by a page's script, or part of a page" },
    { "opted-out", "the client asked not to be tracked" },
    { "excluded", "a path that UsageExclude leaves out" },
    { "bot",      "asked for by a program, not by a person" },
    { "method",   "not a GET: a form sent, a HEAD, a probe" },
    { "redirect", "sent on to another address" },
    { "error",    "refused or not found (4xx)" },
    { "failure",  "the server failed (5xx)" },
    { "partial",  "a later part of a file, its first part counted before" },
    { NULL, NULL },
};

static const usage_meaning_t kind_meanings[] = {
    { "search",       "finds pages for a search engine" },
    { "ai-crawler",   "collects texts to train an AI" },
    { "ai-assistant", "fetches what somebody asks an AI about" },
    { "ai-search",    "finds pages for the answers of an AI" },
    { "preview",      "shows what a link leads to" },
    { "feed",         "reads feeds for its subscribers" },
    { "monitor",      "looks whether the site is up" },
    { "seo",          "ranks sites, for marketing" },
    { "security",     "looks for weak points" },
    { "library",      "a script or a program, such as curl" },
    { "other",        "no browser, and of no other kind" },
    { NULL, NULL },
};

static const usage_panel_t panels[] = {
    { .id = "pages", .title = "Top pages", .column = "Page",
      .count = "Views", .empty = "No page was viewed in this period.",
      .ranking = offsetof(usage_model_t, pages),
      .meanings = page_meanings },
    { .id = "outcomes", .title = "What became of each hit",
      .column = "Outcome", .count = "Hits",
      .empty = "No hit in this period.",
      .sum = "Every hit has one outcome: they add up to all hits",
      .ranking = offsetof(usage_model_t, outcomes),
      .meanings = outcome_meanings },
    { .id = "devices", .title = "Devices", .column = "Device",
      .count = "Views", .empty = "No device yet.",
      .ranking = offsetof(usage_model_t, devices) },
    { .id = "browsers", .title = "Browsers", .column = "Browser",
      .count = "Views", .empty = "No browser yet.",
      .ranking = offsetof(usage_model_t, browsers) },
    { .id = "systems", .title = "Systems", .column = "System",
      .count = "Views", .empty = "No system yet.",
      .ranking = offsetof(usage_model_t, systems) },
    { .id = "bots", .title = "Bots", .column = "Bot",
      .count = "Hits", .empty = "No bot came in this period.",
      .ranking = offsetof(usage_model_t, bots) },
    { .id = "bot-kinds", .title = "What the bots do",
      .column = "Kind of bot", .count = "Hits",
      .empty = "No bot came in this period.",
      .sum = "All pages that bots asked for",
      .ranking = offsetof(usage_model_t, bot_kinds),
      .meanings = kind_meanings },
};
/* clang-format on */

static const char *meaning_of(const usage_panel_t *panel, const char *name)
{
    const usage_meaning_t *meaning = panel->meanings;

    while (meaning && meaning->name && strcmp(meaning->name, name) != 0) {
        meaning++;
    }
    return meaning ? meaning->words : NULL;
}

/* The two cells of numbers that end a row; a little isn't nothing. */
static void numbers_put(usage_sink_t *sink, apr_int64_t views, apr_int64_t sum)
{
    apr_int64_t share = usage_ratio(views, sum, 1000);

    usage_sink_html(sink,
                    "<td class=\"number\">%n</td>"
                    "<td class=\"number portion\">%s%p</td></tr>\n",
                    views, views > 0 && share == 0 ? "<" : "",
                    views > 0 && share == 0 ? (apr_int64_t)1 : share);
}

static void row_render(usage_sink_t *sink, const usage_panel_t *panel,
                       const usage_ranking_t *ranking, int i)
{
    const usage_ranked_t *row = &ranking->rows[i];
    const char *name = row->name;
    const char *meaning = row->note ? row->note : meaning_of(panel, name);
    apr_int64_t views = row->values.of[USAGE_VIEWS];

    usage_sink_html(sink, "<tr><th scope=\"row\">");
    usage_svg_share(sink, views, ranking->rows[0].values.of[USAGE_VIEWS]);
    usage_sink_html(sink, "<bdi dir=\"ltr\">%s</bdi>",
                    *name ? name : "(no name)");
    if (meaning) {
        usage_sink_html(sink, " <small>%s</small>", meaning);
    }
    usage_sink_html(sink, "</th>");
    numbers_put(sink, views, ranking->sum);
}

/* What is not listed, so that the numbers still add up. */
static void rest_render(usage_sink_t *sink, const usage_ranking_t *ranking)
{
    apr_int64_t rest = ranking->sum;

    if (ranking->distinct <= ranking->count) {
        return;
    }
    for (int i = 0; i < ranking->count; i++) {
        rest -= ranking->rows[i].values.of[USAGE_VIEWS];
    }
    usage_sink_html(sink,
                    "<tr class=\"rest\"><th scope=\"row\">and %n more</th>",
                    (apr_int64_t)ranking->distinct - ranking->count);
    numbers_put(sink, rest, ranking->sum);
}

static void table_render(usage_sink_t *sink, const usage_panel_t *panel,
                         const usage_ranking_t *ranking)
{
    usage_sink_html(sink,
                    "<table aria-labelledby=\"%s-title\"><thead><tr>"
                    "<th scope=\"col\">%s</th>"
                    "<th scope=\"col\" class=\"number\">%s</th>"
                    "<th scope=\"col\" class=\"number portion\">Share</th>"
                    "</tr></thead>\n<tbody>\n",
                    panel->id, panel->column, panel->count);
    for (int i = 0; i < ranking->count; i++) {
        row_render(sink, panel, ranking, i);
    }
    rest_render(sink, ranking);
    usage_sink_html(sink, "</tbody>\n");
    if (panel->sum) {
        usage_sink_html(sink, "<tfoot><tr><th scope=\"row\">%s</th>",
                        panel->sum);
        numbers_put(sink, ranking->sum, ranking->sum);
        usage_sink_html(sink, "</tfoot>\n");
    }
    usage_sink_html(sink, "</table>\n");
}

static void panel_render(usage_sink_t *sink, const usage_panel_t *panel,
                         const usage_ranking_t *ranking)
{
    usage_sink_html(sink,
                    "<section class=\"panel %s\" aria-labelledby=\"%s-title\">"
                    "<h2 id=\"%s-title\">%s</h2>\n",
                    panel->id, panel->id, panel->id, panel->title);
    if (ranking->count > 0) {
        table_render(sink, panel, ranking);
    }
    else {
        usage_sink_html(sink, "<p class=\"empty\">%s</p>\n", panel->empty);
    }
    usage_sink_html(sink, "</section>\n");
}

void usage_panels_render(usage_sink_t *sink, const usage_model_t *model)
{
    for (size_t i = 0; i < sizeof(panels) / sizeof(panels[0]); i++) {
        const void *ranking = (const char *)model + panels[i].ranking;

        panel_render(sink, &panels[i], ranking);
    }
    usage_pulse_render(sink, model);
}
