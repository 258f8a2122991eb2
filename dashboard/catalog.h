/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every ranking that the page shows, in its order: what is read for it, and in
 * what words it is shown. Another one of what usage_event has is a row of
 * catalog.c, and nothing else.
 */
#ifndef USAGE_CATALOG_H
#define USAGE_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "glossary.h"

/** How the rows of a panel are made of what was counted by category. */
typedef enum usage_rows_e {
    USAGE_ROWS_OF_MODEL, /**< they aren't: the model has them elsewhere */
    USAGE_ROWS_OF_NAMES, /**< noted with the kind, if the panel has kinds */
    USAGE_ROWS_OF_LINKS, /**< "host path": the path, noted with the host */
    USAGE_ROWS_OF_KINDS, /**< one for each category */
} usage_rows_e;

typedef struct usage_panel_t {
    const char *id;
    const char *title;
    const char *column; /**< what the names are */
    const char *count; /**< what the numbers count */
    const char *empty; /**< what to say when there is no row, NULL: nothing */
    const char *sum; /**< what the sum is, NULL to leave it out */
    const char *about; /**< what it is that is shown, in a sentence */
    bool is_wide; /**< it takes a row of its own */
    bool is_late; /**< it comes below the hours of the week */
    bool is_whole; /**< its rows are the parts of one whole: shares, always */
    size_t ranking; /**< where it is in the model, of USAGE_ROWS_OF_MODEL */
    usage_rows_e rows;
    /** Of usage_event: a category; with "-" at its end, all that begin so,
     *  what follows being the kind; "", all of the site's own, each a kind. */
    const char *category;
    const usage_meaning_t *meanings; /**< of names, or NULL */
    bool has_flags; /**< names are countries */
    int least; /**< rows with which it is worth showing, if not 1 */
    /** What turns it on, NULL: nothing need. Unless that is known to be on, it
     *  is shown if it has rows, else named as missing. */
    const char *directive;
    const char *missing; /**< in such words, or NULL: another tells */
    unsigned breakdown; /**< USAGE_BREAKDOWN_BIT, by which it is on */
} usage_panel_t;

extern const usage_panel_t usage_catalog[];
extern const int usage_catalog_count;

/** Whether a category is counted in a panel. */
bool usage_panel_has(const usage_panel_t *panel, const char *category);

/** What a category is within a panel that has it: "" if that has no kinds. */
const char *usage_panel_kind(const usage_panel_t *panel, const char *category);

struct usage_model_t;
struct usage_ranking_t;

/** What a model has of the panel of that row of the catalog. */
const struct usage_ranking_t *
usage_panel_ranking(const struct usage_model_t *model, int row);

/** Whether what a panel shows is known to be counted. */
bool usage_panel_is_on(const usage_panel_t *panel,
                       const struct usage_model_t *model);

#endif
