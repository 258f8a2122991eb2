/* SPDX-License-Identifier: Apache-2.0 */
/* Reads query strings. Runs in every thread of every child, when a visit
 * begins. */
#include "campaign.h"

#include <string.h>

static const struct row_t {
    const char *argument;
    const char *category;
} rows[USAGE_CAMPAIGNS] = {
#define ROW(id, argument, category)                                            \
    [USAGE_CAMPAIGN_##id] = { argument, category },
    USAGE_CAMPAIGN_LIST(ROW)
#undef ROW
};

const char *usage_campaign_category(usage_campaign_e which)
{
    return rows[which].category;
}

static int digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char small = (char)(c | 0x20);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/* The byte at @a at, and how many of the text it takes. */
static int decode(const char *at, char *byte)
{
    *byte = *at == '+' ? ' ' : *at;
    if (*at != '%' || digit(at[1]) < 0 || digit(at[2]) < 0) {
        return 1;
    }
    *byte = (char)(digit(at[1]) << 4 | digit(at[2]));
    return 3;
}

static usage_text_t decoded(const char *at, usage_campaign_room_t *room)
{
    apr_size_t length = 0;
    while (*at != '\0' && *at != '&' && length < sizeof room->text) {
        at += decode(at, &room->text[length]);
        length++;
    }
    return (usage_text_t){ room->text, length };
}

bool usage_campaign_find(const char *query, usage_campaign_e which,
                         usage_text_t *value, usage_campaign_room_t *room)
{
    const char *argument = rows[which].argument;
    apr_size_t length = strlen(argument);
    while (query != NULL && *query != '\0') {
        if (strncmp(query, argument, length) == 0 && query[length] == '=') {
            *value = decoded(query + length + 1, room);
            return value->length > 0;
        }
        query = strchr(query, '&');
        query += query != NULL;
    }
    return false;
}
