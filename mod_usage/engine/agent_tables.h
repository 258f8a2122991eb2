/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of agent_data.c, which build/agents/tables.py makes, and how to
 * read them. One automaton knows all literals: those of bots and the words
 * that show a trait of a browser.
 *
 *   byte -> classes -> a number c, 0 for what is in no literal
 *
 *   nodes   [ base | check | fail | found ] ...    node 0 is the beginning
 *             |                       |
 *             |   finds [ literal, literal, last literal | 0x8000 ] ...
 *             |
 *             +-> the next node is base + c, if its check is this node;
 *                 else ask again at fail
 */
#ifndef USAGE_AGENT_TABLES_H
#define USAGE_AGENT_TABLES_H

#include <apr.h>

#include "agent.h"
#include "agent_data.h"

typedef struct usage_agent_node_t {
    apr_uint16_t base;
    apr_uint16_t check;
    apr_uint16_t fail;
    apr_uint16_t found; /**< in finds, or 0 */
} usage_agent_node_t;

/** Where a literal counts; 0 anywhere. */
typedef enum usage_agent_edge_e {
    USAGE_AGENT_FIRST = 1, /**< at the beginning of the agent */
    USAGE_AGENT_LAST = 2, /**< at its end */
    USAGE_AGENT_OPENS = 4, /**< not after a letter or digit */
    USAGE_AGENT_CLOSES = 8, /**< not before a letter */
    USAGE_AGENT_HIDES = 16, /**< the shorter ones that end here don't count */
    USAGE_AGENT_WEAK = 32 /**< in an Android's agent it may be a model's name */
} usage_agent_edge_e;

typedef struct usage_agent_literal_t {
    apr_byte_t length;
    apr_byte_t edges; /**< of usage_agent_edge_e */
    apr_byte_t rank; /**< of two bots in one agent the higher one names it */
    apr_byte_t trait; /**< usage_trait_e, or 0 */
    apr_uint16_t bot; /**< place in usage_bots, or 0 */
} usage_agent_literal_t;

typedef struct usage_bot_t {
    const char *name; /**< in brackets if it tells only what it is */
    usage_bot_kind_e kind;
} usage_bot_t;

#define USAGE_AGENT_LAST_FIND 0x8000

extern const apr_byte_t usage_agent_classes[256];
extern const usage_agent_node_t usage_agent_nodes[];
extern const apr_uint16_t usage_agent_finds[];
extern const usage_agent_literal_t usage_agent_literals[];
extern const usage_bot_t usage_bots[];

#endif
