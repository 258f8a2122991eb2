/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A model in which everything there is has something to show: thirty days of a
 * site with all breakdowns, each list longer than it is shown.
 */
#ifndef RICH_H
#define RICH_H

#include "sample.h"

enum { RICH_POINTS = 30, RICH_ROWS = 10 };

/** Numbers that look like a site's: the same every time. */
static inline apr_int64_t rich_number(int seed, apr_int64_t about)
{
    static const int waves[] = { 81, 96, 104, 117, 99, 62, 58 };

    return about * waves[seed % 7] / 100 + about * (seed * 37 % 29) / 200;
}

static inline usage_values_t rich_values(int seed, apr_int64_t about)
{
    apr_int64_t number = rich_number(seed, about);

    return (usage_values_t){ .of = {
                                 [USAGE_VIEWS] = number,
                                 [USAGE_VISITORS] = number / 3,
                                 [USAGE_VISITS] = number * 2 / 5,
                                 [USAGE_BOUNCES] = number / 6,
                                 [USAGE_EXITS] = number / 3,
                                 [USAGE_SECONDS] = number * 41,
                             } };
}

static inline usage_point_t *rich_points(apr_int64_t first, apr_int64_t about)
{
    usage_point_t *points =
        apr_pcalloc(unit_pool, RICH_POINTS * sizeof *points);

    for (int i = 0; i < RICH_POINTS; i++) {
        points[i] = (usage_point_t){ .start = first + i * 86400,
                                     .values = rich_values(i, about),
                                     .days = 1 };
    }
    return points;
}

static inline const apr_int64_t *rich_course(int seed)
{
    apr_int64_t *course = apr_palloc(unit_pool, RICH_POINTS * sizeof *course);

    for (int i = 0; i < RICH_POINTS; i++) {
        course[i] = rich_number(i + seed, 90);
    }
    return course;
}

/** Names of each list; those of the catalog's others are made of its id. */
static const struct {
    const char *id;
    const char *names[RICH_ROWS];
    const char *note;
} rich_names[] = {
    { "pages",
      { "/", "/docs/", "/docs/install", "/blog/", "/blog/a-year-in-numbers",
        "/docs/configure", "/download", "/about", "/blog/faster-by-half",
        "/contact" },
      NULL },
    { "sources",
      { "Google", "(direct)", "news.ycombinator.com", "Bing", "github.com",
        "Mastodon", "ChatGPT", "lobste.rs", "Wikipedia", "duckduckgo.com" },
      "search" },
    { "source-kinds",
      { "search", "direct", "site", "social", "AI", "mail" },
      NULL },
    { "countries",
      { "DE", "US", "FR", "EG", "GB", "BR", "IN", "JP", "NL", "PL" },
      NULL },
    { "languages",
      { "en", "de", "fr", "ar", "pt", "ja", "nl", "pl", "es", "it" },
      NULL },
    { "devices", { "desktop", "mobile", "tablet" }, NULL },
    { "browsers",
      { "Chrome", "Safari", "Firefox", "Edge", "Opera", "Samsung Internet" },
      NULL },
    { "systems",
      { "Windows", "Android", "iOS", "macOS", "Linux", "ChromeOS" },
      NULL },
    { "statuses", { "200", "304", "404", "301", "206", "403", "500" }, NULL },
    { "bots",
      { "Googlebot", "bingbot", "GPTBot", "AhrefsBot", "ClaudeBot",
        "UptimeRobot", "curl", "Applebot", "YandexBot", "feedly" },
      "search" },
    { "bot-kinds",
      { "search", "ai-crawler", "seo", "monitor", "library", "feed" },
      NULL },
    { "event-categories", { "download", "form", "video", "search" }, NULL },
    { "outcomes",
      { "asset", "view", "bot", "redirect", "error", "excluded", "method",
        "type", "prefetch" },
      NULL },
};

static inline const char *rich_name(const char *id, int i, const char **note)
{
    for (size_t list = 0; list < sizeof rich_names / sizeof *rich_names;
         list++) {
        if (strcmp(rich_names[list].id, id) == 0) {
            *note = rich_names[list].note;
            return rich_names[list].names[i];
        }
    }
    *note = NULL;
    return apr_psprintf(unit_pool, "%s %d", id, i + 1);
}

static inline usage_ranking_t rich_ranking(const char *id, bool is_event)
{
    usage_ranked_t *rows = apr_pcalloc(unit_pool, RICH_ROWS * sizeof *rows);
    usage_ranking_t ranking = { .rows = rows, .distinct = 4321 };

    for (int i = 0; i < RICH_ROWS; i++) {
        apr_int64_t about = 18000 / (i * i + i + 1);
        const char *name = rich_name(id, i, &rows[i].note);

        if (!name) {
            ranking.distinct = i;
            break;
        }
        rows[i].name = name;
        rows[i].category = is_event ? id : NULL;
        rows[i].values = rich_values(i + 1, about);
        rows[i].was = views(rich_number(i * 3 + 2, about * (i + 6) / 8));
        rows[i].has_was = true;
        rows[i].course = strcmp(id, "pages") == 0 ? rich_course(i) : NULL;
        ranking.sum += rows[i].values.of[USAGE_VIEWS];
        ranking.count = i + 1;
    }
    ranking.sum += ranking.distinct > ranking.count ? 5678 : 0;
    return ranking;
}

static inline const usage_ranking_t *rich_events(void)
{
    usage_ranking_t *events =
        apr_palloc(unit_pool, (apr_size_t)usage_catalog_count * sizeof *events);

    for (int i = 0; i < usage_catalog_count; i++) {
        events[i] = rich_ranking(usage_catalog[i].id, true);
    }
    return events;
}

static inline usage_heat_t rich_heat(apr_int64_t from, apr_int64_t to)
{
    usage_heat_t heat = { .from = from, .to = to };

    for (int day = 0; day < 7; day++) {
        for (int hour = 0; hour < 24; hour++) {
            apr_int64_t height = 12 - (hour > 14 ? hour - 14 : 14 - hour);
            apr_int64_t views = rich_number(day, 9) * (height > 0 ? height : 1);

            heat.views[day][hour] = views;
            heat.greatest = views > heat.greatest ? views : heat.greatest;
        }
    }
    return heat;
}

static inline const usage_recent_row_t *rich_newest(void)
{
    static const char *const devices[] = { "desktop", "mobile" };
    usage_recent_row_t *rows =
        apr_pcalloc(unit_pool, USAGE_NEWEST * sizeof *rows);

    for (int i = 0; i < USAGE_NEWEST; i++) {
        rows[i] = (usage_recent_row_t){
            .time = now - i * 47,
            .path = rich_names[0].names[i * 7 % RICH_ROWS],
            .device = devices[i % 2],
            .browser = rich_names[6].names[i % 4],
            .system = rich_names[7].names[i % 5],
            .is_new = i % 3 == 0,
        };
    }
    return rows;
}

static inline usage_flags_t rich_flags(apr_int64_t first)
{
    usage_flag_t *flags = apr_pcalloc(unit_pool, 3 * sizeof *flags);

    for (int i = 0; i < 3; i++) {
        apr_int64_t start = first + (24 - 9 * i) * 86400;

        flags[i] = (usage_flag_t){
            .start = start,
            .mark = { .time = start + 36000,
                      .site = "www.example.org",
                      .name = i == 1 ? "newsletter" : "release 2.1",
                      .category = i == 1 ? "campaign" : "deploy" },
        };
    }
    return (usage_flags_t){ .rows = flags, .count = 3 };
}

static inline void rich_fill(usage_model_t *model, apr_int64_t first)
{
    model->points = rich_points(first, 1840);
    model->points_count = RICH_POINTS;
    model->points[RICH_POINTS - 1].is_running = true;
    model->compared_points = rich_points(first - 30 * 86400, 1510);
    model->compared_count = RICH_POINTS;
    model->period = rich_values(3, 41234);
    model->compared = rich_values(1, 38210);
    model->days = model->compared_days = RICH_POINTS;
    model->today = rich_values(2, 1200);
    model->yesterday = rich_values(4, 1900);
    model->heat = rich_heat(first, first + 29 * 86400);
    model->pages = rich_ranking("pages", false);
    model->devices = rich_ranking("devices", false);
    model->browsers = rich_ranking("browsers", false);
    model->systems = rich_ranking("systems", false);
    model->outcomes = rich_ranking("outcomes", false);
    model->hits = model->outcomes.sum;
    model->events = rich_events();
    model->newest = rich_newest();
    model->newest_count = USAGE_NEWEST;
    model->flags = rich_flags(first);
    model->has_visitors = model->has_visits = model->has_names = true;
    model->has_days = true;
    for (int i = 0; i < USAGE_MINUTES; i++) {
        model->minutes[i] = rich_number(i, 6);
    }
    model->peak = 31;
}

/** A sample with all of that. */
static inline sample_t *rich_make(void)
{
    sample_t *sample = sample_make("www.example.org");
    usage_query_t *query = &sample->query;
    apr_int64_t first = query->today - 29 * 86400;

    query->site = "";
    query->dates = (usage_range_t){ first, query->today };
    query->from = first;
    query->compared = (usage_range_t){ first - 30 * 86400, first };
    sample->sites[1] = "www.example.org";
    rich_fill(&sample->model, first);
    return sample;
}

#endif
