/* SPDX-License-Identifier: Apache-2.0 */
/* Adds to three tallies at once. One page, one thread. */
#include "clients.h"

#include <string.h>

#include "engine/agent.h"

usage_clients_t usage_clients_make(apr_pool_t *pool)
{
    return (usage_clients_t){ .devices = usage_tally_make(pool),
                              .browsers = usage_tally_make(pool),
                              .systems = usage_tally_make(pool) };
}

static void add_word(usage_tally_t *tally, const char *word,
                     const usage_values_t *values)
{
    usage_tally_add(tally, word, strlen(word), values);
}

apr_status_t usage_clients_answer(void *baton, const usage_client_row_t *row)
{
    usage_clients_t *clients = baton;
    usage_values_t values = { .of = { [USAGE_VIEWS] = row->views } };
    add_word(&clients->devices, row->device, &values);
    add_word(&clients->browsers, row->browser, &values);
    add_word(&clients->systems, row->system, &values);
    return APR_SUCCESS;
}

void usage_clients_add(usage_clients_t *clients, const usage_count_t *count)
{
    const usage_key_t *key = &count->key;
    const usage_values_t *values = &count->values;
    add_word(&clients->devices, usage_device_word(key->device), values);
    add_word(&clients->browsers, usage_browser_word(key->browser), values);
    add_word(&clients->systems, usage_system_word(key->system), values);
}

void usage_clients_know(usage_clients_t *clients, const usage_clients_t *were)
{
    usage_tally_know(&clients->devices, &were->devices, true);
    usage_tally_know(&clients->browsers, &were->browsers, true);
    usage_tally_know(&clients->systems, &were->systems, true);
}
