/* SPDX-License-Identifier: Apache-2.0 */
/* What a memory store's rows have for a key, and how keys are ordered. */
#ifndef MEMORY_ROWS_H
#define MEMORY_ROWS_H

#include <string.h>

#include "memory_store.h"

static inline bool memory_row_is_same(const memory_row_t *a,
                                      const memory_row_t *b)
{
    return a->fact == b->fact && a->grain == b->grain && a->part == b->part
           && a->start == b->start
           && strcmp(a->site, b->site) == 0 && strcmp(a->name, b->name) == 0
           && strcmp(a->category, b->category) == 0
           && strcmp(a->device, b->device) == 0
           && strcmp(a->browser, b->browser) == 0
           && strcmp(a->system, b->system) == 0;
}

/* A row has the texts of its table's key, and no other. */
static inline bool memory_row_has_shape(const memory_row_t *row)
{
    bool is_of_all = row->fact == USAGE_FACT_ALL;
    bool has_client =
        is_of_all ? row->part != USAGE_PART_PAGE
                  : row->fact == USAGE_FACT_VIEW
                        || row->fact == USAGE_FACT_CLIENT;
    bool has_name = is_of_all ? row->part != USAGE_PART_CLIENT
                              : row->fact != USAGE_FACT_TOTAL
                                    && row->fact != USAGE_FACT_CLIENT;
    return (row->part == 0 || is_of_all) && (*row->site == '\0') == is_of_all
           && (*row->category != '\0') == (row->fact == USAGE_FACT_EVENT)
           && (*row->name != '\0') == has_name
           && (*row->device != '\0') == has_client;
}

/* Of all sites, the client comes before the name. */
static inline int memory_row_order(const memory_row_t *a,
                                   const memory_row_t *b)
{
    bool is_of_all = a->fact == USAGE_FACT_ALL;
    int order = (a->part > b->part) - (a->part < b->part);
    order = order != 0 ? order : (a->start > b->start) - (a->start < b->start);
    if (is_of_all) {
        order = order != 0 ? order : strcmp(a->device, b->device);
        order = order != 0 ? order : strcmp(a->browser, b->browser);
        order = order != 0 ? order : strcmp(a->system, b->system);
    }
    order = order != 0 ? order : strcmp(a->site, b->site);
    order = order != 0 ? order : strcmp(a->category, b->category);
    order = order != 0 ? order : strcmp(a->name, b->name);
    order = order != 0 ? order : strcmp(a->device, b->device);
    order = order != 0 ? order : strcmp(a->browser, b->browser);
    return order != 0 ? order : strcmp(a->system, b->system);
}

#endif
