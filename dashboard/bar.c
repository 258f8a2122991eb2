/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every link is the page's query with one thing changed. `data-key` names the
 * key by which assets/script.js follows it.
 */
#include "bar.h"

#include <string.h>

#include "link.h"
#include "span.h"
#include "words.h"

enum { DAY = 24 * 60 * 60, DAYS_BY_HOUR = 31, DAYS_BY_DAY = 366 };

const char *usage_bar_site(const usage_sink_t *sink, const char *site)
{
    return *site ? site : usage_translate(sink->language, N_("all sites"));
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
    usage_sink_html(sink, "<form method=\"get\" class=\"site\">\n");
    usage_link_inputs(sink, query, " site page ");
    usage_sink_html(sink,
                    "<label for=\"site\">%w</label>\n"
                    "<select id=\"site\" name=\"site\">\n",
                    N_("Site"));
    option_put(sink, "", usage_translate(sink->language, N_("All sites")),
               is_known);
    for (int i = 0; i < model->sites_count; i++) {
        bool is_selected = strcmp(model->sites[i], query->site) == 0;

        option_put(sink, model->sites[i], model->sites[i], is_selected);
        is_known = is_known || is_selected;
    }
    if (!is_known) {
        option_put(sink, query->site, query->site, true);
    }
    usage_sink_html(sink, "</select>\n<button>%w</button>\n</form>\n",
                    N_("Show"));
}

static void current_put(usage_sink_t *sink, bool is_current)
{
    usage_sink_html(sink, is_current ? "\" aria-current=\"true\">" : "\">");
}

static void period_link(usage_sink_t *sink, const usage_query_t *query,
                        usage_period_e period)
{
    static const char keys[USAGE_PERIODS + 1] = "dwtnmya";
    usage_query_t other = *query;
    const char key[] = { keys[period], '\0' };

    other.period = period;
    other.interval_word = "";
    other.page = 1;
    usage_sink_html(sink, "<li><a href=\"");
    usage_link_put(sink, &other);
    usage_sink_html(sink, "\" data-key=\"%s", key);
    usage_sink_html(sink, period == query->period ? "\" aria-current=\"page\">"
                                                  : "\">");
    usage_sink_html(sink, "%w</a></li>\n", usage_period_label(period));
}

/* An arrow; where there is nothing to go to, its place. */
static void arrow_put(usage_sink_t *sink, const usage_query_t *query, int steps)
{
    usage_query_t other = *query;
    usage_range_t days;

    other.page = 1;
    if (!usage_span_move(query, steps, &days)) {
        usage_sink_html(sink, "<span class=\"arrow\" aria-hidden=\"true\">"
                              "</span>");
        return;
    }
    usage_sink_html(sink, "<a class=\"arrow\" rel=\"%s\" href=\"",
                    steps < 0 ? "prev" : "next");
    usage_link_days_put(sink, &other, &days);
    usage_sink_html(sink, "\" data-key=\"%s\" aria-label=\"%w\">%s</a>",
                    (steps < 0) != usage_language_is_rtl(sink->language)
                        ? "ArrowLeft"
                        : "ArrowRight",
                    steps < 0 ? N_("The period before")
                              : N_("The period after"),
                    steps < 0 ? "\xE2\x80\xB9" : "\xE2\x80\xBA");
}

static void dates_put(usage_sink_t *sink, const usage_range_t *dates)
{
    if (dates->from <= 0) {
        usage_sink_say(sink, "until %t", dates->to);
    }
    else if (dates->from >= dates->to) {
        usage_sink_html(sink, "%t", dates->to);
    }
    else {
        usage_sink_say(sink, "%t to %t", dates->from, dates->to);
    }
}

/* The way to any days, folded away. */
static void dates_form(usage_sink_t *sink, const usage_query_t *query)
{
    usage_sink_html(sink,
                    "<details class=\"dates\"><summary>%w</summary>"
                    "<form method=\"get\">\n",
                    N_("Other days"));
    usage_link_inputs(sink, query, " period from to interval page ");
    usage_sink_html(sink,
                    "<label for=\"from\">%w</label>"
                    "<input type=\"date\" id=\"from\" name=\"from\" "
                    "required",
                    N_("From"));
    if (query->dates.from > 0) {
        usage_sink_html(sink, " value=\"%t\"", query->dates.from);
    }
    usage_sink_html(sink,
                    ">\n<label for=\"to\">%w</label>"
                    "<input type=\"date\" id=\"to\" name=\"to\" "
                    "value=\"%t\">\n<button>%w</button></form></details>\n",
                    N_("To"), query->dates.to, N_("Show"));
}

static void periods_nav(usage_sink_t *sink, const usage_query_t *query)
{
    usage_sink_html(sink, "<nav aria-label=\"%w\">\n<ul>\n", N_("Period"));
    for (int i = 0; i < USAGE_PERIODS; i++) {
        period_link(sink, query, (usage_period_e)i);
    }
    usage_sink_html(sink, "</ul>\n<p class=\"days\">");
    arrow_put(sink, query, -1);
    usage_sink_html(sink, "<span>");
    dates_put(sink, &query->dates);
    usage_sink_html(sink, "</span>");
    arrow_put(sink, query, 1);
    usage_sink_html(sink, "</p>\n");
    dates_form(sink, query);
    usage_sink_html(sink, "</nav>\n");
}

static void compare_link(usage_sink_t *sink, const usage_query_t *query,
                         usage_compare_e compare)
{
    usage_query_t other = *query;

    other.compare = compare;
    usage_sink_html(sink, "<li><a href=\"");
    usage_link_put(sink, &other);
    if (query->compare != compare
        && (compare == USAGE_COMPARE_NONE
            || query->compare == USAGE_COMPARE_NONE)
        && compare != USAGE_COMPARE_YEAR) {
        usage_sink_html(sink, "\" data-key=\"x");
    }
    current_put(sink, query->compare == compare);
    usage_sink_html(sink, "%w</a></li>", usage_compare_label(compare));
}

static void comparison_render(usage_sink_t *sink, const usage_query_t *query)
{
    usage_range_t days = { query->compared.from, query->compared.to - 1 };

    if (query->period == USAGE_PERIOD_ALL) {
        return; /* there is nothing before */
    }
    usage_sink_html(sink,
                    "<div class=\"choice compare\"><span id=\"compare\">%w"
                    "</span>\n<ul aria-labelledby=\"compare\">",
                    N_("Compared with"));
    for (int i = 0; i < USAGE_COMPARES; i++) {
        compare_link(sink, query, (usage_compare_e)i);
    }
    usage_sink_html(sink, "</ul>");
    if (usage_query_is_compared(query)) {
        usage_sink_html(sink, " <small>");
        if (query->grain == USAGE_GRAIN_BASE) {
            days.from =
                usage_calendar_day(usage_zone_clock(query->zone, days.from));
            days.to =
                usage_calendar_day(usage_zone_clock(query->zone, days.to));
        }
        dates_put(sink, &days);
        usage_sink_html(sink, "</small>");
    }
    else if (query->is_forgotten) {
        usage_sink_html(sink, " <small>");
        usage_sink_say(sink, "These days are not kept so long: "
                             "<code>UsageRetain</code>.");
        usage_sink_html(sink, "</small>");
    }
    else if (query->is_uncounted) {
        usage_sink_html(sink, " <small>");
        usage_sink_say(sink, "No comparison: that time was not counted in "
                             "full.");
        usage_sink_html(sink, "</small>");
    }
    usage_sink_html(sink, "</div>\n");
}

static void interval_link(usage_sink_t *sink, const usage_query_t *query,
                          const char *word, const char *label,
                          usage_grain_e grain)
{
    usage_query_t other = *query;

    other.interval_word = word;
    usage_sink_html(sink, "<li><a href=\"");
    usage_link_put(sink, &other);
    current_put(sink, query->grain == grain);
    usage_sink_html(sink, "%w</a></li>", label);
}

void usage_bar_intervals(usage_sink_t *sink, const usage_query_t *query)
{
    apr_int64_t days = (query->dates.to - query->dates.from) / DAY + 1;

    usage_sink_html(sink, "<ul class=\"choice intervals\" aria-label=\"%w\">",
                    N_("Interval"));
    if (days <= DAYS_BY_HOUR) {
        interval_link(sink, query, "hour", N_("Hours"), USAGE_GRAIN_BASE);
    }
    if (days > 1 && days <= DAYS_BY_DAY) {
        interval_link(sink, query, "day", N_("Days"), USAGE_GRAIN_DAY);
    }
    if (days > DAYS_BY_HOUR) {
        interval_link(sink, query, "month", N_("Months"), USAGE_GRAIN_MONTH);
    }
    usage_sink_html(sink, "</ul>\n");
}

/* A chip and its cross: @a other is the query without it. */
static void chip_put(usage_sink_t *sink, const usage_query_t *other,
                     const char *kind, const char *value)
{
    usage_sink_html(sink, "<li><span>%w</span> <bdi>%s</bdi><a href=\"", kind,
                    value);
    usage_link_put(sink, other);
    usage_sink_html(sink, "\" aria-label=\"");
    usage_sink_say(sink, "Take off %s", value);
    usage_sink_html(sink, "\">\xC3\x97</a></li>");
}

static void chips_put(usage_sink_t *sink, const usage_query_t *query)
{
    static const char *const kinds[USAGE_FILTERS] = {
        [USAGE_FILTER_PAGE] = N_("Page"),
        [USAGE_FILTER_DEVICE] = N_("Device"),
        [USAGE_FILTER_BROWSER] = N_("Browser"),
        [USAGE_FILTER_SYSTEM] = N_("System"),
    };

    for (int i = 0; i < USAGE_FILTERS; i++) {
        if (*query->filters[i]) {
            usage_query_t other = *query;

            other.filters[i] = "";
            other.page = 1;
            chip_put(sink, &other, kinds[i], query->filters[i]);
        }
    }
    if (*query->counted) {
        usage_query_t other = *query;

        other.counted = other.name = "";
        chip_put(sink, &other, query->counted,
                 *query->name ? query->name
                              : usage_translate(sink->language, N_("all")));
    }
}

static void filters_render(usage_sink_t *sink, const usage_query_t *query)
{
    usage_query_t other = *query;

    if (!usage_query_is_filtered(query) && !*query->counted) {
        return;
    }
    usage_sink_html(sink,
                    "<div class=\"filters\"><span id=\"filters\">%w"
                    "</span><ul class=\"chips\" "
                    "aria-labelledby=\"filters\">",
                    N_("Only"));
    chips_put(sink, query);
    for (int i = 0; i < USAGE_FILTERS; i++) {
        other.filters[i] = "";
    }
    other.counted = other.name = "";
    other.page = 1;
    usage_sink_html(sink, "</ul><a href=\"");
    usage_link_put(sink, &other);
    usage_sink_html(sink, "\" data-key=\"Escape\">%w</a></div>\n",
                    N_("Show all"));
}

void usage_bar_render(usage_sink_t *sink, const usage_model_t *model)
{
    const usage_query_t *query = model->query;

    usage_sink_html(sink, "<header>\n<h1>");
    usage_sink_say(sink, "Usage of <bdi>%s</bdi>",
                   usage_bar_site(sink, query->site));
    usage_sink_html(sink, "</h1>\n");
    site_form(sink, model);
    periods_nav(sink, query);
    comparison_render(sink, query);
    filters_render(sink, query);
    usage_sink_html(sink, "</header>\n");
}
