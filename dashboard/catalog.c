/* SPDX-License-Identifier: Apache-2.0 */
/* The catalog of panels: data, and how a category finds its rows. */
#include "catalog.h"

#include <string.h>

#include "engine/breakdowns.h"
#include "engine/event.h"
#include "engine/outcome.h"
#include "model.h"
#include "translate.h"

#define BREAKDOWN(id, word)                                                    \
    .breakdown = USAGE_BREAKDOWN_BIT(id), .directive = "UsageBreakdown " word

/* clang-format off */
const usage_panel_t usage_catalog[] = {
    { .id = "pages", .title = N_("Top pages"), .column = N_("Page"),
      .count = N_("Views"), .empty = N_("No page was viewed in this period."),
      .ranking = offsetof(usage_model_t, pages),
      .meanings = usage_paths,
      .about = N_("Entries are visits that began there, exits those that "
                  "ended there; bounces of the entries had no other view."),
      .is_wide = true },
    { .id = "sources", .title = N_("Sources"), .column = N_("Source"),
      .count = N_("Visits"), .empty = N_("No visit began in this period."),
      .rows = USAGE_ROWS_OF_NAMES, .category = "source-",
      BREAKDOWN(SOURCE, "source"), .missing = N_("sources"),
      .about = N_("Where visits came from: the site whose link was followed, "
                  "or the campaign.") },
    { .id = "source-kinds", .title = N_("How visits begin"),
      .column = N_("Kind of source"), .count = N_("Visits"),
      .rows = USAGE_ROWS_OF_KINDS, .category = "source-",
      .meanings = usage_source_kinds,
      .about = N_("The same visits by the kind of their source."),
      .is_whole = true },
    { .id = "campaigns", .title = N_("Campaigns"), .column = N_("Campaign"),
      .count = N_("Visits"),
      .empty = N_("No visit of a campaign in this period."),
      .rows = USAGE_ROWS_OF_NAMES, .category = "campaign-",
      BREAKDOWN(CAMPAIGN, "campaign"), .missing = N_("campaigns"),
      .about = N_("Visits whose address named a campaign.") },
    { .id = "countries", .title = N_("Countries"), .column = N_("Country"),
      .count = N_("Visits"), .empty = N_("No visit began in this period."),
      .rows = USAGE_ROWS_OF_NAMES, .category = "country",
      .meanings = usage_countries, .has_flags = true,
      BREAKDOWN(COUNTRY, "country"), .missing = N_("countries"),
      .about = N_("Where visitors are, by their network address, which is not "
                  "kept.") },
    { .id = "languages", .title = N_("Languages"), .column = N_("Language"),
      .count = N_("Visits"), .empty = N_("No visit began in this period."),
      .rows = USAGE_ROWS_OF_NAMES, .category = "language",
      .meanings = usage_languages,
      BREAKDOWN(LANGUAGE, "language"), .missing = N_("languages"),
      .about = N_("What visitors\xE2\x80\x99 browsers ask for first.") },
    { .id = "devices", .title = N_("Devices"), .column = N_("Device"),
      .count = N_("Views"), .empty = N_("No device yet."),
      .ranking = offsetof(usage_model_t, devices),
      .about = N_("What the pages were viewed on, as browsers tell."),
      .is_whole = true },
    { .id = "browsers", .title = N_("Browsers"), .column = N_("Browser"),
      .count = N_("Views"), .empty = N_("No browser yet."),
      .ranking = offsetof(usage_model_t, browsers),
      .about = N_("What the pages were viewed with."),
      .is_whole = true },
    { .id = "systems", .title = N_("Systems"), .column = N_("System"),
      .count = N_("Views"), .empty = N_("No system yet."),
      .ranking = offsetof(usage_model_t, systems),
      .about = N_("What the browsers ran on."),
      .is_whole = true },
    { .id = "browser-versions", .title = N_("Browser versions"),
      .column = N_("Browser version"), .count = N_("Visits"),
      .empty = N_("No visit began in this period."),
      .rows = USAGE_ROWS_OF_NAMES, .category = "browser-version",
      BREAKDOWN(VERSION, "version"),
      .missing = N_("versions of browsers and systems"),
      .about = N_("Visits by browser and main version.") },
    { .id = "system-versions", .title = N_("System versions"),
      .column = N_("System version"), .count = N_("Visits"),
      .empty = N_("No visit began in this period."),
      .rows = USAGE_ROWS_OF_NAMES, .category = "system-version",
      BREAKDOWN(VERSION, "version"),
      .about = N_("Visits by system and main version.") },
    { .id = "events", .title = N_("Events"), .column = N_("Event"),
      .count = N_("Count"), .rows = USAGE_ROWS_OF_NAMES, .category = "",
      .directive = "UsageEvent", .missing = N_("events"),
      .about = N_("What the site counts by name besides views."),
      .is_late = true },
    { .id = "event-categories", .title = N_("Events by category"),
      .column = N_("Category"), .count = N_("Count"),
      .rows = USAGE_ROWS_OF_KINDS, .category = "", .least = 2,
      .about = N_("The same counts by their category."),
      .is_late = true,
      .is_whole = true },
    { .id = "not-found", .title = N_("Not found"),
      .column = N_("Path not found"),
      .count = N_("Hits"), .empty = N_("Everything asked for was there."),
      .rows = USAGE_ROWS_OF_LINKS, .category = "not-found",
      BREAKDOWN(NOT_FOUND, "not-found"), .missing = N_("what was not found"),
      .about = N_("What was asked for and isn\xE2\x80\x99t there, and who "
                  "links to it."),
      .is_wide = true,
      .is_late = true },
    { .id = "bots", .title = N_("Bots"), .column = N_("Bot"),
      .count = N_("Hits"), .empty = N_("No bot came in this period."),
      .rows = USAGE_ROWS_OF_NAMES, .category = "bot-",
      .about = N_("Programs that asked for pages; they are no views."),
      .is_late = true },
    { .id = "bot-kinds", .title = N_("What the bots do"),
      .column = N_("Kind of bot"), .count = N_("Hits"),
      .sum = N_("All pages that bots asked for"),
      .rows = USAGE_ROWS_OF_KINDS, .category = "bot-",
      .meanings = usage_bot_kinds,
      .about = N_("The same hits by what the bots are for."),
      .is_late = true,
      .is_whole = true },
    { .id = "statuses", .title = N_("Status of each answer"),
      .column = N_("Status"),
      .count = N_("Hits"), .empty = N_("No hit in this period."),
      .rows = USAGE_ROWS_OF_NAMES, .category = "status",
      .meanings = usage_statuses,
      BREAKDOWN(STATUS, "status"), .missing = N_("the status of answers"),
      .about = N_("What the server answered, by HTTP status."),
      .is_late = true,
      .is_whole = true },
    { .id = "outcomes", .title = N_("What became of each hit"),
      .column = N_("Outcome"), .count = N_("Hits"),
      .empty = N_("No hit in this period."),
      .sum = N_("Every hit has one outcome: they add up to all hits"),
      .ranking = offsetof(usage_model_t, outcomes),
      .category = USAGE_OUTCOME_CATEGORY,
      .meanings = usage_outcomes,
      .about = N_("Why each hit was a view, or was none."),
      .is_late = true,
      .is_whole = true },
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
