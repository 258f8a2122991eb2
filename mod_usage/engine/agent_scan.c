/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The automaton of agent_tables.h at work: Aho and Corasick, "Efficient string
 * matching: an aid to bibliographic search", CACM 18:6, 1975. Runs in every
 * thread of every child.
 */
#include "agent_scan.h"

#include <stdbool.h>

#include "agent_tables.h"

#define EDGES                                                                  \
    (USAGE_AGENT_FIRST | USAGE_AGENT_LAST | USAGE_AGENT_OPENS                  \
     | USAGE_AGENT_CLOSES)

typedef struct text_t {
    const char *bytes;
    apr_size_t length;
} text_t;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Whether a literal that ends before the byte at `end` may stand there. */
static bool is_fit(const usage_agent_literal_t *literal, const text_t *text,
                   apr_size_t end)
{
    apr_size_t begin = end - literal->length;
    unsigned edges = literal->edges;
    if (begin > 0) {
        char before = text->bytes[begin - 1];
        if ((edges & USAGE_AGENT_FIRST) != 0
            || ((edges & USAGE_AGENT_OPENS) != 0
                && (is_letter(before) || is_digit(before)))) {
            return false;
        }
    }
    if (end < text->length) {
        return (edges & USAGE_AGENT_LAST) == 0
               && ((edges & USAGE_AGENT_CLOSES) == 0
                   || !is_letter(text->bytes[end]));
    }
    return true;
}

/* The first number behind a word counts, as the first word does. */
static void note_trait(usage_agent_scan_t *scan, unsigned trait,
                       const text_t *text, apr_size_t end)
{
    usage_traits_t bit = (usage_traits_t)1 << trait;
    scan->traits |= bit;
    if ((scan->numbered & bit) == 0 && end < text->length
        && is_digit(text->bytes[end])) {
        scan->numbered |= bit;
        scan->ends[trait] = (apr_uint16_t)end;
    }
}

/* Of two bots, the one whose literal says more: by rank, then by length. */
static void note_bot(usage_agent_scan_t *scan,
                     const usage_agent_literal_t *literal)
{
    unsigned weight = (unsigned)literal->rank << 8 | literal->length;
    usage_agent_found_t *found =
        (literal->edges & USAGE_AGENT_WEAK) != 0 ? &scan->weak_bot : &scan->bot;
    if (weight > found->weight) {
        *found = (usage_agent_found_t){ literal->bot, (apr_uint16_t)weight };
    }
}

/* Take note of the literals that end before the byte at `end`. */
static void note(usage_agent_scan_t *scan, const apr_uint16_t *find,
                 const text_t *text, apr_size_t end)
{
    bool is_last = false;
    for (; !is_last; find++) {
        const usage_agent_literal_t *literal =
            &usage_agent_literals[*find & ~USAGE_AGENT_LAST_FIND];
        is_last = (*find & USAGE_AGENT_LAST_FIND) != 0;
        if ((literal->edges & EDGES) != 0 && !is_fit(literal, text, end)) {
            continue;
        }
        if ((literal->edges & USAGE_AGENT_HIDES) != 0) {
            return;
        }
        if (literal->trait != 0) {
            note_trait(scan, literal->trait, text, end);
        }
        else {
            note_bot(scan, literal);
        }
    }
}

static unsigned next_node(unsigned node, unsigned class)
{
    for (;;) {
        unsigned next = usage_agent_nodes[node].base + class;
        if (usage_agent_nodes[next].check == node) {
            return next;
        }
        if (node == 0) {
            return 0;
        }
        node = usage_agent_nodes[node].fail;
    }
}

void usage_agent_scan(usage_agent_scan_t *scan, const char *bytes,
                      apr_size_t length)
{
    const text_t text = { bytes, length };
    unsigned node = 0;
    scan->traits = 0;
    scan->numbered = 0;
    scan->bot = (usage_agent_found_t){ 0 };
    scan->weak_bot = (usage_agent_found_t){ 0 };
    for (apr_size_t i = 0; i < length; i++) {
        unsigned class = usage_agent_classes[(unsigned char)bytes[i]];
        node = class == 0 ? 0 : next_node(node, class);
        unsigned found = usage_agent_nodes[node].found;
        if (found != 0) {
            note(scan, usage_agent_finds + found, &text, i + 1);
        }
    }
}

apr_uint16_t usage_agent_number(const usage_agent_scan_t *scan,
                                usage_trait_e trait, const char *text,
                                apr_size_t length)
{
    unsigned number = 0;
    if ((scan->numbered >> trait & 1) == 0) {
        return 0;
    }
    for (apr_size_t i = scan->ends[trait]; i < length && is_digit(text[i]);
         i++) {
        number = number * 10 + (unsigned)(text[i] - '0');
        if (number > USAGE_AGENT_VERSION_MAX) {
            return 0;
        }
    }
    return (apr_uint16_t)number;
}
