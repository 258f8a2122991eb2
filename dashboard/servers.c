/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A row for each server. Of another than this one only its silence is known:
 * whether it runs, and why not, the page doesn't say.
 */
#include "servers.h"

#include <string.h>

#include "panel.h"
#include "words.h"

static void flush_put(usage_sink_t *sink, const usage_node_t *node)
{
    usage_sink_html(sink, "<td>");
    if (node->age < 0) {
        usage_sink_html(sink, "%w</td>", N_("none yet"));
        return;
    }
    usage_sink_html(sink, "%a <small>%T, ", node->age, node->last_flush);
    usage_sink_say(sink, "batch %n", node->batch);
    usage_sink_html(sink, "</small></td>");
}

/* How far the database is behind what a server has counted. */
static void lag_put(usage_sink_t *sink, const usage_model_t *model,
                    const usage_node_t *node)
{
    apr_int64_t waiting = model->health.waiting;

    usage_sink_html(sink, "<td>");
    if (node->is_own && waiting == 0) {
        usage_sink_say(sink, "nothing waits");
    }
    else if (node->is_own) {
        usage_sink_say(sink,
                       waiting == 1 ? N_("%n view since then")
                                    : N_("%n views since then"),
                       waiting);
    }
    else if (node->ahead > 0) {
        usage_sink_say(sink, "its clock is %l ahead", node->ahead);
    }
    else if (node->late > 0) {
        usage_sink_say(sink, "%l late", node->late);
    }
    else {
        usage_sink_say(sink, "on time");
    }
    usage_sink_html(sink, "</td></tr>\n");
}

static void name_put(usage_sink_t *sink, const usage_model_t *model,
                     const usage_node_t *node)
{
    const char *keeper = model->nodes.keeper;

    usage_sink_html(sink, "<th scope=\"row\"><bdi>%s</bdi> <small>",
                    node->name);
    if (node->is_own) {
        usage_sink_html(sink, "%w, ", N_("shows this page"));
    }
    usage_sink_html(sink, "mod_usage %s", node->version);
    if (keeper && strcmp(keeper, node->name) == 0) {
        usage_sink_html(sink, ", %w", N_("deletes what is old"));
    }
    usage_sink_html(sink, "</small>");
    if (node->is_silent) {
        usage_sink_html(sink, " <strong>");
        usage_sink_say(sink,
                       "Has not flushed for %l: what it has "
                       "counted since is not in these numbers.",
                       node->age);
        usage_sink_html(sink, "</strong>");
    }
    usage_sink_html(sink, "</th>");
}

static void node_render(usage_sink_t *sink, const usage_model_t *model,
                        const usage_node_t *node)
{
    usage_sink_html(sink, node->is_silent ? "<tr class=\"silent\">" : "<tr>");
    name_put(sink, model, node);
    flush_put(sink, node);
    lag_put(sink, model, node);
}

static void rest_begin(usage_sink_t *sink)
{
    usage_sink_html(sink, "<tr class=\"rest\"><th scope=\"row\">");
}

static void rest_render(usage_sink_t *sink, const usage_nodes_t *nodes)
{
    if (nodes->more > 0) {
        rest_begin(sink);
        usage_sink_say(sink, "and %n more", (apr_int64_t)nodes->more);
        usage_sink_html(sink, "</th><td></td><td></td></tr>\n");
    }
    if (nodes->gone > 0) {
        rest_begin(sink);
        usage_sink_say(sink, "and %n that flushed before",
                       (apr_int64_t)nodes->gone);
        usage_sink_html(sink, "</th><td>%w</td><td></td></tr>\n",
                        N_("more than a week ago"));
    }
}

void usage_servers_render(usage_sink_t *sink, const usage_model_t *model)
{
    const usage_nodes_t *nodes = &model->nodes;

    if (nodes->count == 0) {
        return;
    }
    usage_panel_begin(sink, "nodes", N_("The servers"), NULL);
    usage_sink_html(sink,
                    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                    "aria-labelledby=\"nodes-title\">"
                    "<table><caption>");
    usage_sink_say(sink,
                   "All that write to this database. One "
                   "that is silent for more than %l is marked: it may be "
                   "stopped, or cut off from the database; this page "
                   "can\xE2\x80\x99t tell.",
                   nodes->patience);
    usage_sink_html(sink,
                    "</caption>\n<thead><tr><th scope=\"col\">%w</th>"
                    "<th scope=\"col\">",
                    N_("Server"));
    usage_sink_say(sink, "Last flush (%s)", sink->zone->name);
    usage_sink_html(sink,
                    "</th><th scope=\"col\">%w</th></tr></thead>\n<tbody>\n",
                    N_("Behind"));
    for (int i = 0; i < nodes->count; i++) {
        node_render(sink, model, &nodes->rows[i]);
    }
    rest_render(sink, nodes);
    usage_sink_html(sink, "</tbody></table></div>\n</section>\n");
}
