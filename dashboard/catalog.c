/* SPDX-License-Identifier: Apache-2.0 */
/* The catalog of panels: data, and how a category finds its rows. */
#include "catalog.h"

#include <string.h>

#include "engine/breakdowns.h"
#include "engine/event.h"
#include "model.h"

#define BREAKDOWN(id, word)                                                    \
    .breakdown = USAGE_BREAKDOWN_BIT(id), .directive = "UsageBreakdown " word

/* clang-format off */
const usage_panel_t usage_catalog[] = {
    { .id = "pages", .title = "Top pages", .column = "Page",
      .count = "Views", .empty = "No page was viewed in this period.",
      .ranking = offsetof(usage_model_t, pages),
      .meanings = usage_paths },
    { .id = "sources", .title = "Sources", .column = "Source",
      .count = "Visits", .empty = "No visit began in this period.",
      .rows = USAGE_ROWS_OF_NAMES, .category = "source-",
      BREAKDOWN(SOURCE, "source"), .missing = "sources" },
    { .id = "source-kinds", .title = "How visits begin",
      .column = "Kind of source", .count = "Visits",
      .rows = USAGE_ROWS_OF_KINDS, .category = "source-",
      .meanings = usage_source_kinds },
    { .id = "outcomes", .title = "What became of each hit",
      .column = "Outcome", .count = "Hits",
      .empty = "No hit in this period.",
      .sum = "Every hit has one outcome: they add up to all hits",
      .ranking = offsetof(usage_model_t, outcomes),
      .meanings = usage_outcomes },
    { .id = "countries", .title = "Countries", .column = "Country",
      .count = "Visits", .empty = "No visit began in this period.",
      .rows = USAGE_ROWS_OF_NAMES, .category = "country",
      .meanings = usage_countries, .has_flags = true,
      BREAKDOWN(COUNTRY, "country"), .missing = "countries" },
    { .id = "languages", .title = "Languages", .column = "Language",
      .count = "Visits", .empty = "No visit began in this period.",
      .rows = USAGE_ROWS_OF_NAMES, .category = "language",
      .meanings = usage_languages,
      BREAKDOWN(LANGUAGE, "language"), .missing = "languages" },
    { .id = "campaigns", .title = "Campaigns", .column = "Campaign",
      .count = "Visits", .empty = "No visit of a campaign in this period.",
      .rows = USAGE_ROWS_OF_NAMES, .category = "campaign-",
      BREAKDOWN(CAMPAIGN, "campaign"), .missing = "campaigns" },
    { .id = "devices", .title = "Devices", .column = "Device",
      .count = "Views", .empty = "No device yet.",
      .ranking = offsetof(usage_model_t, devices) },
    { .id = "browsers", .title = "Browsers", .column = "Browser",
      .count = "Views", .empty = "No browser yet.",
      .ranking = offsetof(usage_model_t, browsers) },
    { .id = "systems", .title = "Systems", .column = "System",
      .count = "Views", .empty = "No system yet.",
      .ranking = offsetof(usage_model_t, systems) },
    { .id = "browser-versions", .title = "Browser versions",
      .column = "Browser version", .count = "Visits",
      .empty = "No visit began in this period.",
      .rows = USAGE_ROWS_OF_NAMES, .category = "browser-version",
      BREAKDOWN(VERSION, "version"),
      .missing = "versions of browsers and systems" },
    { .id = "system-versions", .title = "System versions",
      .column = "System version", .count = "Visits",
      .empty = "No visit began in this period.",
      .rows = USAGE_ROWS_OF_NAMES, .category = "system-version",
      BREAKDOWN(VERSION, "version") },
    { .id = "statuses", .title = "Status of each answer", .column = "Status",
      .count = "Hits", .empty = "No hit in this period.",
      .rows = USAGE_ROWS_OF_NAMES, .category = "status",
      .meanings = usage_statuses,
      BREAKDOWN(STATUS, "status"), .missing = "the status of answers" },
    { .id = "events", .title = "Events", .column = "Event",
      .count = "Count", .rows = USAGE_ROWS_OF_NAMES, .category = "",
      .directive = "UsageEvent", .missing = "events" },
    { .id = "event-categories", .title = "Events by category",
      .column = "Category", .count = "Count",
      .rows = USAGE_ROWS_OF_KINDS, .category = "", .least = 2 },
    { .id = "not-found", .title = "Not found", .column = "Path not found",
      .count = "Hits", .empty = "Everything asked for was there.",
      .rows = USAGE_ROWS_OF_LINKS, .category = "not-found",
      BREAKDOWN(NOT_FOUND, "not-found"), .missing = "what was not found" },
    { .id = "bots", .title = "Bots", .column = "Bot",
      .count = "Hits", .empty = "No bot came in this period.",
      .rows = USAGE_ROWS_OF_NAMES, .category = "bot-" },
    { .id = "bot-kinds", .title = "What the bots do",
      .column = "Kind of bot", .count = "Hits",
      .sum = "All pages that bots asked for",
      .rows = USAGE_ROWS_OF_KINDS, .category = "bot-",
      .meanings = usage_bot_kinds },
};
/* clang-format on */

const int usage_catalog_count = sizeof usage_catalog / sizeof *usage_catalog;

static bool has_prefix(const usage_panel_t *panel)
{
    apr_size_t length = strlen(panel->category);
    return length > 0 && panel->category[length - 1] == '-';
}

bool usage_panel_has(const usage_panel_t *panel, const char *category)
{
    if (panel->rows == USAGE_ROWS_OF_MODEL) {
        return false;
    }
    if (*panel->category == '\0') {
        usage_text_t text = { category, strlen(category) };
        return !usage_event_is_reserved(text);
    }
    return has_prefix(panel)
               ? strncmp(category, panel->category, strlen(panel->category))
                     == 0
               : strcmp(category, panel->category) == 0;
}

const char *usage_panel_kind(const usage_panel_t *panel, const char *category)
{
    bool has_kinds = *panel->category == '\0' || has_prefix(panel);
    const char *kind = category + strlen(panel->category);
    if (!has_kinds) {
        return "";
    }
    return strcmp(kind, "ai") == 0 && has_prefix(panel) ? "AI" : kind;
}

const usage_ranking_t *usage_panel_ranking(const usage_model_t *model, int row)
{
    const void *own = (const char *)model + usage_catalog[row].ranking;
    return usage_catalog[row].rows == USAGE_ROWS_OF_MODEL ? own
                                                          : &model->events[row];
}

bool usage_panel_is_on(const usage_panel_t *panel, const usage_model_t *model)
{
    return panel->directive == NULL
           || (panel->breakdown & model->breakdowns) != 0;
}
