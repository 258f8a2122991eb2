/* SPDX-License-Identifier: Apache-2.0 */
/* The lists of a page of plain text, and the hours of the week. */
#ifndef USAGE_TEXT_LISTS_H
#define USAGE_TEXT_LISTS_H

#include "text_page.h"

/** Write the panels, or the one that the query asks for, and what is among
 * them. */
void usage_text_lists(const usage_text_page_t *writing);

#endif
