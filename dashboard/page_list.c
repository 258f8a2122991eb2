/* SPDX-License-Identifier: Apache-2.0 */
/* A page's numbers; what isn't known of a page is left empty. */
#include "page_list.h"

#include "change.h"
#include "lines.h"
#include "link.h"
#include "rows.h"
#include "words.h"

static bool has_was(const usage_model_t *model)
{
    return usage_query_is_compared(model->query);
}

/* Where the order is how much they changed, that is told, too. */
static bool has_amount(const usage_model_t *model)
{
    return model->query->sort != USAGE_SORT_VIEWS;
}

static void head_put(usage_sink_t *sink, const char *word)
{
    usage_sink_html(sink, "<th scope=\"col\">%w</th>", word);
}

int usage_page_list_count(const usage_model_t *model)
{
    return 7 + has_was(model) + has_amount(model) + model->has_visitors;
}

void usage_page_list_heads(usage_sink_t *sink, const usage_model_t *model)
{
    head_put(sink, N_("Views"));
    if (has_was(model)) {
        head_put(sink, N_("Change"));
    }
    if (has_amount(model)) {
        head_put(sink, N_("Difference"));
    }
    head_put(sink, N_("Share"));
    if (model->has_visitors) {
        head_put(sink, N_("Visitors"));
    }
    head_put(sink, N_("Entries"));
    head_put(sink, N_("Exits"));
    head_put(sink, N_("Bounces"));
    head_put(sink, N_("Time a view"));
    head_put(sink, N_("Course"));
}

static void ratio_put(usage_sink_t *sink, apr_int64_t part, apr_int64_t whole)
{
    if (whole > 0) {
        usage_panel_share(sink, part, whole);
    }
    else {
        usage_sink_html(sink, "<td></td>");
    }
}

static void time_put(usage_sink_t *sink, const usage_values_t *values)
{
    apr_int64_t views = values->of[USAGE_VIEWS];

    usage_sink_html(sink, "<td>");
    if (views > 0 && values->of[USAGE_SECONDS] > 0) {
        usage_words_duration(sink, values->of[USAGE_SECONDS] / views);
    }
    usage_sink_html(sink, "</td>");
}

static void amount_put(usage_sink_t *sink, const usage_ranked_t *row)
{
    usage_sink_html(sink, "<td>");
    if (row->has_was) {
        usage_change_amount(sink, row->values.of[USAGE_VIEWS],
                            row->was.of[USAGE_VIEWS]);
    }
    usage_sink_html(sink, "</td>");
}

void usage_page_list_sorts(usage_sink_t *sink, const usage_query_t *query)
{
    usage_query_t other = *query;

    if (!usage_query_is_compared(query)
        || *query->filters[USAGE_FILTER_PAGE] != '\0') {
        return;
    }
    other.page = 1;
    usage_sink_html(sink, "<ul class=\"choice\" aria-label=\"%w\">",
                    N_("Order"));
    for (int i = 0; i < USAGE_SORTS; i++) {
        other.sort = (usage_sort_e)i;
        usage_sink_html(sink, "<li><a href=\"");
        usage_link_put(sink, &other);
        usage_sink_html(sink, query->sort == other.sort
                                  ? "#pages\" aria-current=\"true\">"
                                  : "#pages\">");
        usage_sink_html(sink, "%w</a></li>", usage_sort_label(other.sort));
    }
    usage_sink_html(sink, "</ul>");
}

void usage_page_list_cells(usage_sink_t *sink, const usage_model_t *model,
                           const usage_ranked_t *row)
{
    const usage_values_t *values = &row->values;

    usage_sink_html(sink, "<td>%n</td>", values->of[USAGE_VIEWS]);
    if (has_was(model)) {
        usage_rows_change(sink, row);
    }
    if (has_amount(model)) {
        amount_put(sink, row);
    }
    usage_panel_share(sink, values->of[USAGE_VIEWS], model->pages.sum);
    if (model->has_visitors) {
        usage_sink_html(sink, "<td>%n</td>", values->of[USAGE_VISITORS]);
    }
    usage_sink_html(sink, "<td>%n</td><td>%n</td>", values->of[USAGE_VISITS],
                    values->of[USAGE_EXITS]);
    ratio_put(sink, values->of[USAGE_BOUNCES], values->of[USAGE_VISITS]);
    time_put(sink, values);
    usage_sink_html(sink, "<td>");
    if (row->course) {
        usage_lines_spark(sink, row->course, model->points_count);
    }
    usage_sink_html(sink, "</td>");
}
