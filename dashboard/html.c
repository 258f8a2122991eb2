/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page from top to bottom: one function for each part, in the order of
 * usage_html_render() at the end. Runs in the content handler's thread and
 * keeps nothing.
 */
#include "html.h"

#include <stdbool.h>
#include <string.h>

#include "flags.h"
#include "numbers.h"
#include "panel.h"
#include "servers.h"
#include "svg.h"
#include "things.h"
#include "tiles.h"
#include "words.h"

enum { HOUR = 60 * 60 };

static apr_int64_t views_in(const usage_values_t *values)
{
    return values->of[USAGE_VIEWS];
}

static const char *site_label(const char *site)
{
    return *site ? site : "all sites";
}

/* Of a base of slashes one is left: two would begin a host's name. */
static void stylesheet_link(usage_sink_t *sink, const char *base)
{
    size_t length;

    while (base[0] == '/' && base[1] == '/') {
        base++;
    }
    length = strlen(base);
    usage_sink_html(sink, "<link rel=\"stylesheet\" href=\"%U%sstyle.css\">\n",
                    base, length > 0 && base[length - 1] == '/' ? "" : "/");
}

static void head_render(usage_sink_t *sink, const char *base)
{
    usage_sink_html(sink,
                    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                    "<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, "
                    "initial-scale=1\">\n"
                    "<meta name=\"robots\" content=\"noindex, nofollow\">\n"
                    "<meta name=\"color-scheme\" content=\"light dark\">\n");
    stylesheet_link(sink, base);
}

static void option_put(usage_sink_t *sink, const char *site, const char *label,
                       bool is_selected)
{
    usage_sink_html(sink, "<option value=\"%s\"%s>%s</option>\n", site,
                    is_selected ? " selected" : "", label);
}

static void site_form(usage_sink_t *sink, const usage_model_t *model)
{
    const usage_query_t *query = model->query;
    bool is_known = *query->site == '\0';

    if (model->has_one_site) {
        return;
    }
    usage_sink_html(sink,
                    "<form method=\"get\">\n"
                    "<input type=\"hidden\" name=\"period\" value=\"%s\">\n"
                    "<label for=\"site\">Site</label>\n"
                    "<select id=\"site\" name=\"site\">\n",
                    usage_period_word(query->period));
    option_put(sink, "", "All sites", is_known);
    for (int i = 0; i < model->sites_count; i++) {
        bool is_selected = strcmp(model->sites[i], query->site) == 0;

        option_put(sink, model->sites[i], model->sites[i], is_selected);
        is_known = is_known || is_selected;
    }
    if (!is_known) {
        option_put(sink, query->site, query->site, true);
    }
    usage_sink_html(sink, "</select>\n<button>Show</button>\n</form>\n");
}

static void period_link(usage_sink_t *sink, const usage_query_t *query,
                        usage_period_e period)
{
    usage_sink_html(sink, "<li><a href=\"?period=%s",
                    usage_period_word(period));
    if (*query->site) {
        usage_sink_html(sink, "&amp;site=%u", query->site);
    }
    usage_sink_html(sink, period == query->period ? "\" aria-current=\"page\">"
                                                  : "\">");
    usage_sink_html(sink, "%s</a></li>\n", usage_period_label(period));
}

static void header_render(usage_sink_t *sink, const usage_model_t *model)
{
    usage_sink_html(sink, "<header>\n<h1>Usage of <bdi>%s</bdi></h1>\n",
                    site_label(model->query->site));
    site_form(sink, model);
    usage_sink_html(sink, "<nav aria-label=\"Period\">\n<ul>\n");
    for (int i = 0; i < USAGE_PERIODS; i++) {
        period_link(sink, model->query, (usage_period_e)i);
    }
    usage_sink_html(sink, "</ul>\n</nav>\n</header>\n");
}

static void notices_render(usage_sink_t *sink, const usage_health_t *health)
{
    if (health->database_error) {
        usage_sink_html(sink,
                        "<p class=\"notice\" role=\"alert\">"
                        "<strong>Live numbers only.</strong> The database "
                        "can\xE2\x80\x99t be read, so this page shows what "
                        "was counted since the last flush. Nothing is lost: "
                        "counting goes on. <code>%s</code></p>\n",
                        health->database_error);
    }
    if (health->flush_error) {
        usage_sink_html(sink,
                        "<p class=\"notice\" role=\"alert\">"
                        "<strong>Flushes fail since %T %s.</strong> "
                        "%n views wait in memory for the database. "
                        "<code>%s</code></p>\n",
                        health->failing_since, sink->zone->name,
                        health->waiting, health->flush_error);
    }
}

static const char *grain_word(const usage_query_t *query)
{
    switch (query->grain) {
    case USAGE_GRAIN_MONTH:
        return "month";
    case USAGE_GRAIN_DAY:
        return "day";
    default:
        return query->interval == HOUR ? "hour" : "interval";
    }
}

/* Why there is no chart, and what to do next. */
static void emptiness_render(usage_sink_t *sink, const usage_model_t *model)
{
    usage_sink_html(sink, "<div class=\"empty\">\n");
    if (model->outcomes.sum > 0) {
        usage_sink_html(sink,
                        "<p><strong>No views in this period.</strong> "
                        "%n hits came, but none was a view; what became of "
                        "them is below.</p>\n",
                        model->outcomes.sum);
    }
    else if (model->sites_count > 0) {
        usage_sink_html(sink,
                        "<p><strong>Nothing was counted in this period."
                        "</strong> Look at <a href=\"?period=%s\">all time, "
                        "all sites</a>.</p>\n",
                        usage_period_word(USAGE_PERIOD_ALL));
    }
    else {
        usage_sink_html(sink,
                        "<p><strong>Nothing has been counted yet.</strong> "
                        "Open a page of your site in another tab, then reload "
                        "this one: a view shows at once.</p>\n"
                        "<p>If it doesn\xE2\x80\x99t, see that the "
                        "site\xE2\x80\x99s virtual host says <code>Usage "
                        "On</code>, and look for <code>USG</code> in the "
                        "error log.</p>\n");
    }
    usage_sink_html(sink, "</div>\n");
}

static bool is_utc(const usage_sink_t *sink)
{
    return sink->zone == &usage_zone_utc;
}

/* Whether the numbers are those of days that begin at several times. */
static bool has_zones(const usage_query_t *query)
{
    return *query->site == '\0' && query->grain != USAGE_GRAIN_BASE
           && query->zones->all->nelts > 1;
}

static bool has_running(const usage_model_t *model)
{
    for (int i = 0; i < model->points_count; i++) {
        if (model->points[i].is_running) {
            return true;
        }
    }
    return false;
}

static void chart_render(usage_sink_t *sink, const usage_model_t *model)
{
    usage_sink_html(sink,
                    "<section class=\"panel views\" "
                    "aria-labelledby=\"chart-title\">"
                    "<h2 id=\"chart-title\">Views by %s</h2>\n",
                    grain_word(model->query));
    if (views_in(&model->period) > 0) {
        usage_sink_html(sink, "<figure>\n");
        usage_svg_chart(sink, model);
        usage_sink_html(
            sink,
            "<figcaption>%sAll times are %s%s.%s</figcaption>\n"
            "</figure>\n",
            has_running(model) ? "The striped bar is still counting. " : "",
            is_utc(sink) ? "" : "those of ", sink->zone->name,
            has_zones(model->query) ? " A day is each site\xE2\x80\x99s own."
                                    : "");
        usage_numbers_render(sink, model);
    }
    else {
        emptiness_render(sink, model);
    }
    usage_sink_html(sink, "</section>\n");
}

static void flush_render(usage_sink_t *sink, const usage_health_t *health)
{
    usage_sink_html(sink, "<div><dt>Last flush</dt><dd>");
    if (health->age < 0) {
        usage_sink_html(sink, "none yet");
    }
    else {
        usage_sink_html(sink, "%a <small>%T %s, batch %n</small>", health->age,
                        health->last_flush, sink->zone->name, health->batch);
    }
    usage_sink_html(sink, "</dd></div>\n<div><dt>Last error</dt><dd>");
    if (health->flush_error) {
        usage_sink_html(sink, "%s <small>since %T %s</small>",
                        health->flush_error, health->failing_since,
                        sink->zone->name);
    }
    else {
        usage_sink_html(sink, "none");
    }
    usage_sink_html(sink, "</dd></div>\n");
}

/* Which server deletes what is old, for all; unknown without a database. */
static void keeping_render(usage_sink_t *sink, const usage_model_t *model)
{
    const usage_nodes_t *nodes = &model->nodes;
    apr_int64_t age = model->query->now - nodes->kept;

    if (!nodes->keeper) {
        return;
    }
    usage_sink_html(sink, "<div><dt>Old rows deleted</dt><dd>");
    if (nodes->kept == 0) {
        usage_sink_html(sink, "not yet");
    }
    else {
        usage_sink_html(sink, "%a", age > 0 ? age : 0);
    }
    if (*nodes->keeper) {
        usage_sink_html(sink, " <small>by <bdi>%s</bdi></small>",
                        nodes->keeper);
    }
    usage_sink_html(sink, "</dd></div>\n");
}

static void health_render(usage_sink_t *sink, const usage_model_t *model)
{
    const usage_health_t *health = &model->health;

    usage_sink_html(sink,
                    "<section class=\"panel health\" "
                    "aria-labelledby=\"health-title\">"
                    "<h2 id=\"health-title\">The counter itself</h2>\n"
                    "<dl>\n<div><dt>Table in use</dt><dd>%p ",
                    (apr_int64_t)health->fill);
    usage_svg_share(sink, health->fill, 1000);
    usage_sink_html(sink,
                    "</dd></div>\n<div><dt>Waiting for a flush</dt>"
                    "<dd>%n %s</dd></div>\n",
                    health->waiting, health->waiting == 1 ? "view" : "views");
    flush_render(sink, health);
    keeping_render(sink, model);
    usage_sink_html(sink,
                    "<div><dt>Node</dt><dd><bdi>%s</bdi></dd></div>\n"
                    "<div><dt>Version</dt><dd>mod_usage %s</dd></div>\n"
                    "</dl>\n</section>\n",
                    health->node, health->version);
}

apr_status_t usage_html_render(const usage_model_t *model, const char *base,
                               usage_sink_t *sink)
{
    sink->zone = model->query->zone;
    head_render(sink, base);
    usage_sink_html(sink,
                    "<title>Usage of %s, %s</title>\n</head>\n<body>\n"
                    "<a class=\"skip\" href=\"#numbers\">Skip to the numbers"
                    "</a>\n",
                    site_label(model->query->site),
                    usage_period_label(model->query->period));
    header_render(sink, model);
    usage_sink_html(sink, "<main id=\"numbers\">\n");
    notices_render(sink, &model->health);
    usage_tiles_render(sink, model);
    chart_render(sink, model);
    if (model->outcomes.sum > 0) {
        usage_panels_render(sink, model);
    }
    usage_things_render(sink, model);
    usage_flags_list(sink, model);
    usage_servers_render(sink, model);
    health_render(sink, model);
    if (model->outcomes.sum > 0) {
        usage_missing_render(sink, model);
    }
    usage_sink_html(sink,
                    "</main>\n<footer>As of %T %s, counted by this server "
                    "itself: no script, no cookie, no address kept."
                    "</footer>\n</body>\n</html>\n",
                    model->query->now, sink->zone->name);
    return usage_sink_flush(sink);
}

apr_status_t usage_html_problem(const char *problem, const char *base,
                                usage_sink_t *sink)
{
    head_render(sink, base);
    usage_sink_html(sink,
                    "<title>Usage</title>\n</head>\n<body>\n"
                    "<header><h1>Usage</h1></header>\n"
                    "<main><p class=\"notice\">%s</p>\n"
                    "<p><a href=\"?\">Show the last 30 days</a></p></main>\n"
                    "</body>\n</html>\n",
                    problem);
    return usage_sink_flush(sink);
}
