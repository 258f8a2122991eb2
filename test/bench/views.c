/* SPDX-License-Identifier: Apache-2.0 */
/* Fills segments. */
#include "views.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { SITES = 20, AGENTS = 4 };

usage_memory_t views_memory(int keys, apr_int64_t time)
{
    usage_memory_t memory;
    usage_geometry_t geometry = { .slots = USAGE_SLOTS_MIN,
                                  .visitors = USAGE_VISITORS_MIN };
    while (geometry.slots < 2 * (apr_uint32_t)keys) {
        geometry.slots *= 2;
    }
    void *base =
        mmap(NULL, usage_memory_size(&geometry), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED) {
        perror("no memory for views");
        exit(EXIT_FAILURE);
    }
    usage_memory_create(&memory, base, &geometry, 42, time);
    return memory;
}

void views_drop(const usage_memory_t *memory)
{
    munmap(memory->header, usage_memory_size(&memory->header->geometry));
}

void views_count(const usage_memory_t *memory, int keys, const char *host,
                 apr_int64_t time)
{
    usage_values_t values = { .of = { 1, 1, 1, 0, 1, 1, 30, 20000, 15 } };
    char site[64];
    char path[64];
    for (int i = 0; i < keys; i++) {
        int page = i / AGENTS;
        int site_length =
            snprintf(site, sizeof site, "%s%d.example.org", host, page % SITES);
        int path_length = snprintf(path, sizeof path, "/articles/%d/story.html",
                                   page / SITES);
        usage_addition_t addition = {
            .key = { .start = time,
                     .kind = USAGE_KIND_VIEW,
                     .device = 1,
                     .browser = 1 + i % AGENTS,
                     .system = 1,
                     .site = { site, (apr_size_t)site_length },
                     .name = { path, (apr_size_t)path_length } },
            .overflow = "/*",
            .resort = USAGE_RESORT_VIEW,
        };
        usage_memory_add(memory, &addition, &values, time);
    }
}
