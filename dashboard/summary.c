/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `Data` calls unique visitors are sessions, new and returning: visits
 * here. Shares are per cent, with all digits; of nothing they are 0.
 */
#include "summary.h"

#include <string.h>

#include <apr_strings.h>

#include "iso.h"
#include "json_put.h"

static double ratio(apr_int64_t part, apr_int64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : 0;
}

static double percent(apr_int64_t part, apr_int64_t whole)
{
    return whole > 0 ? 100 * (double)part / (double)whole : 0;
}

/* As Go writes a float64: a whole number without a point. */
static json_t *real(double number)
{
    return number == (double)(json_int_t)number
               ? json_integer((json_int_t)number)
               : json_real(number);
}

static apr_int64_t views_of(const usage_ranked_t *row)
{
    return row->values.of[USAGE_VIEWS];
}

static double share_of(const usage_ranking_t *ranking, const char *name)
{
    for (int i = 0; i < ranking->named; i++) {
        if (strcmp(ranking->rows[i].name, name) == 0) {
            return percent(views_of(&ranking->rows[i]), ranking->sum);
        }
    }
    return 0;
}

static const char *top_of(const usage_ranking_t *ranking)
{
    return ranking->count > 0 ? ranking->rows[0].name : "";
}

static void put_visits(json_t *data, const usage_model_t *model)
{
    apr_int64_t visits = model->period.of[USAGE_VISITS];
    apr_int64_t returning = model->period.of[USAGE_RETURNING_VISITS];
    apr_int64_t views = model->period.of[USAGE_VIEWS];
    json_object_set_new(data, "unique_visitors", json_integer(visits));
    json_object_set_new(data, "new_visitors", json_integer(visits - returning));
    json_object_set_new(data, "returning_visitors", json_integer(returning));
    json_object_set_new(data, "total_page_views", json_integer(views));
    json_object_set_new(data, "views_per_visitor", real(ratio(views, visits)));
    json_object_set_new(data, "today_page_views",
                        json_integer(model->today.of[USAGE_VIEWS]));
    json_object_set_new(data, "yesterday_page_views",
                        json_integer(model->yesterday.of[USAGE_VIEWS]));
}

static void put_devices(json_t *data, const usage_ranking_t *devices)
{
    const char *top = top_of(devices);
    json_object_set_new(data, "top_device_type", json_string(top));
    json_object_set_new(data, "top_device_percentage",
                        real(share_of(devices, top)));
    json_object_set_new(data, "desktop_percentage",
                        real(share_of(devices, "desktop")));
    json_object_set_new(data, "mobile_percentage",
                        real(share_of(devices, "mobile")));
    json_object_set_new(data, "tablet_percentage",
                        real(share_of(devices, "tablet")));
}

static void put_browsers(json_t *data, const usage_ranking_t *browsers)
{
    json_t *shares = json_object();
    for (int i = 0; i < browsers->named; i++) {
        const char *name = browsers->rows[i].name;
        json_object_set_new(shares, name, real(share_of(browsers, name)));
    }
    json_object_set_new(data, "top_browser", json_string(top_of(browsers)));
    json_object_set_new(data, "browser_breakdown", shares);
}

static void put_pages(json_t *data, const usage_ranking_t *pages,
                      apr_pool_t *pool)
{
    json_t *list = json_array();
    for (int i = 0; i < pages->count; i++) {
        json_t *page = json_object();
        json_object_set_new(page, "path",
                            usage_json_text(pages->rows[i].name, pool));
        json_object_set_new(page, "views",
                            json_integer(views_of(&pages->rows[i])));
        json_array_append_new(list, page);
    }
    json_object_set_new(data, "top_pages", list);
}

static json_t *visit(const usage_recent_row_t *row, const usage_zone_t *zone,
                     apr_pool_t *pool)
{
    json_t *its = json_object();
    json_object_set_new(its, "time",
                        json_string(usage_iso_moment(zone, row->time, pool)));
    json_object_set_new(its, "path", usage_json_text(row->path, pool));
    json_object_set_new(its, "device_type", usage_json_text(row->device, pool));
    json_object_set_new(its, "browser", usage_json_text(row->browser, pool));
    json_object_set_new(its, "os", usage_json_text(row->system, pool));
    return its;
}

static void put_recent(json_t *data, const usage_model_t *model,
                       apr_pool_t *pool)
{
    json_t *list = json_array();
    for (int i = 0; i < model->newest_count; i++) {
        json_array_append_new(
            list, visit(&model->newest[i], model->query->zone, pool));
    }
    json_object_set_new(data, "recent_visits", list);
    json_object_set_new(data, "recent_visit_count",
                        json_integer(model->newest_count));
}

/* The last hour's views, of 100, or of what the busiest minute had if that is
 * more. */
static void put_activity(json_t *data, const usage_model_t *model)
{
    apr_int64_t views = 0;
    apr_int64_t most = 100;
    for (int i = 0; i < USAGE_MINUTES; i++) {
        views += model->minutes[i];
    }
    if (model->peak > most) {
        most = model->peak;
    }
    json_object_set_new(data, "hourly_activity_percentage",
                        real(percent(views < most ? views : most, most)));
}

apr_status_t usage_summary_render(const usage_model_t *model, apr_pool_t *pool,
                                  usage_sink_t *sink)
{
    json_t *data = json_object();
    put_visits(data, model);
    put_devices(data, &model->devices);
    put_browsers(data, &model->browsers);
    put_pages(data, &model->pages, pool);
    put_recent(data, model, pool);
    put_activity(data, model);
    return usage_json_write(data, sink);
}
