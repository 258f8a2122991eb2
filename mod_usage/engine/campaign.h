/* SPDX-License-Identifier: Apache-2.0 */
/* What a link says of the campaign that it belongs to. */
#ifndef USAGE_CAMPAIGN_H
#define USAGE_CAMPAIGN_H

#include <stdbool.h>

#include "table.h"

/** X(id, argument, category): the only arguments that are ever read. */
#define USAGE_CAMPAIGN_LIST(X)                                                 \
    X(SOURCE, "utm_source", "campaign-source")                                 \
    X(MEDIUM, "utm_medium", "campaign-medium")                                 \
    X(NAME, "utm_campaign", "campaign-name")                                   \
    X(REF, "ref", "campaign-ref")

#define USAGE_CAMPAIGN_ENUM(id, argument, category) USAGE_CAMPAIGN_##id,
typedef enum usage_campaign_e {
    USAGE_CAMPAIGN_LIST(USAGE_CAMPAIGN_ENUM) USAGE_CAMPAIGNS
} usage_campaign_e;
#undef USAGE_CAMPAIGN_ENUM

/** Bytes of a value that are read, at most. */
#define USAGE_CAMPAIGN_MAX 512

/** Room for a value. */
typedef struct usage_campaign_room_t {
    char text[USAGE_CAMPAIGN_MAX];
} usage_campaign_room_t;

/** What an argument is counted under. */
const char *usage_campaign_category(usage_campaign_e which);

/**
 * Find an argument in a query string, and decode its value: %XX and "+".
 * @param query without its "?"; or NULL
 * @param value set to it, in @a room; not yet cleaned
 * @return whether it is there with a value
 */
bool usage_campaign_find(const char *query, usage_campaign_e which,
                         usage_text_t *value, usage_campaign_room_t *room);

#endif
