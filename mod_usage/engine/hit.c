/* SPDX-License-Identifier: Apache-2.0 */
/* Turns a hit into additions. Runs in every thread of every child. */
#include "hit.h"

#include <string.h>

#include "calendar.h"
#include "path.h"

static void count_outcome(const usage_memory_t *memory, const usage_hit_t *hit,
                          apr_int64_t start)
{
    const char *word = usage_outcome_word(hit->outcome);
    usage_addition_t addition = {
        .key = {
            .start = start,
            .kind = USAGE_KIND_EVENT,
            .site = hit->site,
            .category
            = { USAGE_OUTCOME_CATEGORY, sizeof USAGE_OUTCOME_CATEGORY - 1 },
            .name = { word, strlen(word) },
        },
        .resort = USAGE_RESORT_OUTCOME(hit->outcome),
    };
    usage_values_t one = { .of = { [USAGE_VIEWS] = 1 } };
    usage_memory_add(memory, &addition, &one, hit->time);
}

static void count_view(const usage_memory_t *memory, const usage_hit_t *hit,
                       apr_int64_t start)
{
    usage_addition_t addition = {
        .key = {
            .start = start,
            .kind = USAGE_KIND_VIEW,
            .device = (int)hit->agent.device,
            .browser = (int)hit->agent.browser,
            .system = (int)hit->agent.system,
            .site = hit->site,
            .name = hit->path,
        },
        .overflow = USAGE_PATH_OVERFLOW,
        .resort = USAGE_RESORT_VIEW,
    };
    usage_values_t values = { .of = { [USAGE_VIEWS] = 1,
                                      [USAGE_BYTES] = hit->bytes,
                                      [USAGE_MILLIS] = hit->millis } };
    usage_memory_add(memory, &addition, &values, hit->time);
}

void usage_hit_count(const usage_memory_t *memory, const usage_hit_t *hit)
{
    apr_int64_t start = usage_calendar_base(hit->time, hit->interval);
    count_outcome(memory, hit, start);
    if (hit->outcome == USAGE_OUTCOME_VIEW) {
        count_view(memory, hit, start);
    }
}
