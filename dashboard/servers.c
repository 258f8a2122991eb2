/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A row for each server. Of another than this one only its silence is known:
 * whether it runs, and why not, the page doesn't say.
 */
#include "servers.h"

#include <string.h>

#include "words.h"

static void flush_put(usage_sink_t *sink, const usage_node_t *node)
{
    usage_sink_html(sink, "<td>");
    if (node->age < 0) {
        usage_sink_html(sink, "none yet</td>");
        return;
    }
    usage_sink_html(sink, "%a <small>%T, batch %n</small></td>", node->age,
                    node->last_flush, node->batch);
}

/* How far the database is behind what a server has counted. */
static void lag_put(usage_sink_t *sink, const usage_model_t *model,
                    const usage_node_t *node)
{
    apr_int64_t waiting = model->health.waiting;

    usage_sink_html(sink, "<td>");
    if (node->is_own && waiting == 0) {
        usage_sink_html(sink, "nothing waits");
    }
    else if (node->is_own) {
        usage_sink_html(sink, "%n %s since then", waiting,
                        waiting == 1 ? "view" : "views");
    }
    else if (node->ahead > 0) {
        usage_sink_html(sink, "its clock is %l ahead", node->ahead);
    }
    else if (node->late > 0) {
        usage_sink_html(sink, "%l late", node->late);
    }
    else {
        usage_sink_html(sink, "on time");
    }
    usage_sink_html(sink, "</td></tr>\n");
}

static void node_render(usage_sink_t *sink, const usage_model_t *model,
                        const usage_node_t *node)
{
    const char *keeper = model->nodes.keeper;

    usage_sink_html(sink, node->is_silent ? "<tr class=\"silent\">" : "<tr>");
    usage_sink_html(
        sink,
        "<th scope=\"row\"><bdi>%s</bdi> <small>%smod_usage %s"
        "%s</small>",
        node->name, node->is_own ? "shows this page, " : "", node->version,
        keeper && strcmp(keeper, node->name) == 0 ? ", deletes what is old"
                                                  : "");
    if (node->is_silent) {
        usage_sink_html(sink,
                        " <strong>Has not flushed for %l: what it has "
                        "counted since is not in these numbers.</strong>",
                        node->age);
    }
    usage_sink_html(sink, "</th>");
    flush_put(sink, node);
    lag_put(sink, model, node);
}

static void rest_render(usage_sink_t *sink, const usage_nodes_t *nodes)
{
    if (nodes->more > 0) {
        usage_sink_html(sink,
                        "<tr class=\"rest\"><th scope=\"row\">and %n more</th>"
                        "<td></td><td></td></tr>\n",
                        (apr_int64_t)nodes->more);
    }
    if (nodes->gone > 0) {
        usage_sink_html(sink,
                        "<tr class=\"rest\"><th scope=\"row\">and %n that "
                        "flushed before</th><td>more than a week ago</td>"
                        "<td></td></tr>\n",
                        (apr_int64_t)nodes->gone);
    }
}

void usage_servers_render(usage_sink_t *sink, const usage_model_t *model)
{
    const usage_nodes_t *nodes = &model->nodes;

    if (nodes->count == 0) {
        return;
    }
    usage_sink_html(sink,
                    "<section class=\"panel nodes\" "
                    "aria-labelledby=\"nodes-title\">"
                    "<h2 id=\"nodes-title\">The servers</h2>\n"
                    "<table><caption>All that write to this database. One "
                    "that is silent for more than %l is marked: it may be "
                    "stopped, or cut off from the database; this page "
                    "can\xE2\x80\x99t tell.</caption>\n<thead><tr>"
                    "<th scope=\"col\">Server</th>"
                    "<th scope=\"col\">Last flush (%s)</th>"
                    "<th scope=\"col\">Behind</th>"
                    "</tr></thead>\n<tbody>\n",
                    nodes->patience, sink->zone->name);
    for (int i = 0; i < nodes->count; i++) {
        node_render(sink, model, &nodes->rows[i]);
    }
    rest_render(sink, nodes);
    usage_sink_html(sink, "</tbody></table>\n</section>\n");
}
