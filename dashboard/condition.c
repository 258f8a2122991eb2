/* SPDX-License-Identifier: Apache-2.0 */
/* Told by words; a notice is at the top, where nobody misses it. */
#include "condition.h"

#include "panel.h"
#include "svg.h"
#include "words.h"

void usage_condition_notices(usage_sink_t *sink, const usage_health_t *health)
{
    if (health->database_error) {
        usage_sink_html(sink, "<p class=\"notice\" role=\"alert\">");
        usage_sink_say(sink,
                       "<strong>Live numbers only.</strong> The database "
                       "can\xE2\x80\x99t be read, so this page shows what "
                       "was counted since the last flush. Nothing is lost: "
                       "counting goes on.");
        usage_sink_html(sink, " <code>%s</code></p>\n", health->database_error);
    }
    if (health->flush_error) {
        usage_sink_html(sink, "<p class=\"notice\" role=\"alert\">");
        usage_sink_say(sink,
                       "<strong>Flushes fail since %T %s.</strong> "
                       "%n views wait in memory for the database.",
                       health->failing_since, sink->zone->name,
                       health->waiting);
        usage_sink_html(sink, " <code>%s</code></p>\n", health->flush_error);
    }
}

static void item_begin(usage_sink_t *sink, const char *term)
{
    usage_sink_html(sink, "<div><dt>%w</dt><dd>", term);
}

static void item_end(usage_sink_t *sink)
{
    usage_sink_html(sink, "</dd></div>\n");
}

static void flush_render(usage_sink_t *sink, const usage_health_t *health)
{
    item_begin(sink, N_("Last flush"));
    if (health->age < 0) {
        usage_sink_html(sink, "%w", N_("none yet"));
    }
    else {
        usage_sink_html(sink, "%a <small>%T %s, ", health->age,
                        health->last_flush, sink->zone->name);
        usage_sink_say(sink, "batch %n", health->batch);
        usage_sink_html(sink, "</small>");
    }
    item_end(sink);
    item_begin(sink, N_("Last error"));
    if (health->flush_error) {
        usage_sink_html(sink, "%s <small>", health->flush_error);
        usage_sink_say(sink, "since %T %s", health->failing_since,
                       sink->zone->name);
        usage_sink_html(sink, "</small>");
    }
    else {
        usage_sink_html(sink, "%w", N_("none"));
    }
    item_end(sink);
}

/* Which server deletes what is old, for all; unknown without a database. */
static void keeping_render(usage_sink_t *sink, const usage_model_t *model)
{
    const usage_nodes_t *nodes = &model->nodes;
    apr_int64_t age = model->query->now - nodes->kept;

    if (!nodes->keeper) {
        return;
    }
    item_begin(sink, N_("Old rows deleted"));
    if (nodes->kept == 0) {
        usage_sink_html(sink, "%w", N_("not yet"));
    }
    else {
        usage_sink_html(sink, "%a", age > 0 ? age : 0);
    }
    if (*nodes->keeper) {
        usage_sink_html(sink, " <small>");
        usage_sink_say(sink, "by <bdi>%s</bdi>", nodes->keeper);
        usage_sink_html(sink, "</small>");
    }
    item_end(sink);
}

static void memory_render(usage_sink_t *sink, const usage_health_t *health)
{
    item_begin(sink, N_("Table in use"));
    usage_sink_html(sink, "%p ", (apr_int64_t)health->fill);
    usage_svg_share(sink, health->fill, 1000);
    item_end(sink);
    item_begin(sink, N_("Waiting for a flush"));
    usage_sink_say(sink, health->waiting == 1 ? N_("%n view") : N_("%n views"),
                   health->waiting);
    item_end(sink);
}

void usage_condition_render(usage_sink_t *sink, const usage_model_t *model)
{
    const usage_health_t *health = &model->health;

    usage_panel_begin(sink, "health", N_("The counter itself"), NULL);
    usage_sink_html(sink, "<dl>\n");
    memory_render(sink, health);
    flush_render(sink, health);
    keeping_render(sink, model);
    item_begin(sink, N_("Node"));
    usage_sink_html(sink, "<bdi>%s</bdi>", health->node);
    item_end(sink);
    item_begin(sink, N_("Version"));
    usage_sink_html(sink, "mod_usage %s", health->version);
    item_end(sink);
    usage_sink_html(sink, "</dl>\n</section>\n");
}
