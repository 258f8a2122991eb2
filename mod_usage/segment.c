/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The segment's life in the parent, which is root as a rule: so it reads
 * nothing of the segment but the header's checked numbers, and else only moves
 * bytes.
 *
 * Two files in the runtime directory stand for it: the name of the shared
 * memory, which is still there after kill -9 of every process, and the copy
 * that a server leaves when it stops.
 */
#include "segment.h"

#include <sys/statvfs.h>

#include <apr_file_io.h>
#include <apr_shm.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>

#include "alone.h"
#include "caretaker.h"
#include "engine/fault.h"
#include "mod_usage.h"
#include "resize.h"
#include "segment_log.h"
#include "state.h"

APLOG_USE_MODULE(usage);

#define SEGMENT_FILE "mod_usage-segment"
#define STATE_FILE   "mod_usage-state"

/* What outlives the configuration, and the unloading of this module. */
typedef struct retained_t {
    void *base;
    apr_size_t size;
    apr_shm_t *shm;
} retained_t;

static usage_memory_t memory;

const usage_memory_t *usage_segment_memory(void)
{
    return &memory;
}

static retained_t *retained(void)
{
    static const char key[] = "mod_usage segment";
    retained_t *data = ap_retained_data_get(key);
    return data != NULL ? data : ap_retained_data_create(key, sizeof *data);
}

static const char *segment_path(apr_pool_t *pool)
{
    return ap_runtime_dir_relative(pool, SEGMENT_FILE);
}

static const char *state_path(apr_pool_t *pool)
{
    return ap_runtime_dir_relative(pool, STATE_FILE);
}

static void keep_segment(apr_shm_t *shm)
{
    *retained() = (retained_t){ .base = apr_shm_baseaddr_get(shm),
                                .size = apr_shm_size_get(shm),
                                .shm = shm };
}

static usage_geometry_t geometry_of(const usage_global_conf_t *global)
{
    return (usage_geometry_t){ .slots = (apr_uint32_t)global->slots,
                               .visitors = (apr_uint32_t)global->visitors };
}

/* Fill bytes at random; apr has no prototype to pass on. */
apr_status_t usage_segment_random(unsigned char *bytes, apr_size_t length)
{
    return apr_generate_random_bytes(bytes, length);
}

static usage_salts_need_t need_of(const usage_global_conf_t *global)
{
    return (usage_salts_need_t){ .zones = global->zones,
                                 .now = apr_time_sec(apr_time_now()),
                                 .window = global->longest_window };
}

void usage_segment_keep_salts(server_rec *s)
{
    const usage_global_conf_t *global = usage_server_conf(s)->global;
    usage_salts_t *salts = &memory.header->salts;
    usage_salts_need_t need = need_of(global);
    apr_status_t rv = usage_salts_let(
        salts, global->shares_salts && !usage_alone_is(), usage_segment_random);
    if (rv == APR_SUCCESS) {
        rv = usage_salts_keep(salts, &need, usage_segment_random);
    }
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_ERR, rv, s,
                     "USG0022: mod_usage gets no random bytes for the day's "
                     "salt; visitors are not counted until it does");
    }
}

bool usage_segment_lacks_salts(server_rec *s)
{
    usage_salts_need_t need = need_of(usage_server_conf(s)->global);
    const usage_salts_t *salts = &memory.header->salts;
    return atomic_load(&salts->is_shared) && usage_salts_lack(salts, &need);
}

/* Memory that is promised and then not there would end whoever touches it
 * (SIGBUS), so ask first. Named segments live here on Linux. */
static apr_status_t check_room(apr_size_t size)
{
    struct statvfs room;
    if (statvfs("/dev/shm", &room) != 0) {
        return APR_SUCCESS;
    }
    return (apr_uint64_t)room.f_bavail * room.f_frsize >= size ? APR_SUCCESS
                                                               : APR_ENOSPC;
}

static apr_status_t create(server_rec *s, apr_size_t size, apr_shm_t **shm)
{
    apr_pool_t *pool = s->process->pool;
    const char *path = segment_path(pool);
    apr_status_t rv = check_room(size);
    if (rv == APR_SUCCESS) {
        USAGE_FAULT("creating");
        rv = apr_shm_create(shm, size, path, pool);
        USAGE_FAULT("created");
    }
    if (rv != APR_SUCCESS) {
        ap_log_error(
            APLOG_MARK, APLOG_EMERG, rv, s,
            "USG0002: mod_usage can't make a segment of %" APR_SIZE_T_FMT
            " bytes named %s: lower UsageTable, or mend "
            "DefaultRuntimeDir or /dev/shm",
            size, path);
        return rv;
    }
    if (apr_shm_size_get(*shm) < size) {
        return APR_ENOMEM;
    }
    keep_segment(*shm);
    return APR_SUCCESS;
}

static void drop_segment(void)
{
    if (retained()->shm != NULL) {
        apr_shm_destroy(retained()->shm);
        *retained() = (retained_t){ 0 };
    }
}

static apr_status_t create_empty(server_rec *s,
                                 const usage_global_conf_t *global)
{
    apr_shm_t *shm;
    apr_uint64_t seed;
    usage_geometry_t geometry = geometry_of(global);
    apr_status_t rv =
        apr_generate_random_bytes((unsigned char *)&seed, sizeof seed);
    if (rv == APR_SUCCESS) {
        rv = create(s, usage_memory_size(&geometry), &shm);
    }
    if (rv == APR_SUCCESS) {
        usage_memory_create(&memory, retained()->base, &geometry, seed,
                            apr_time_sec(apr_time_now()));
    }
    return rv;
}

/* The segment of a server that was killed: it still has its name. A copy
 * beside it is older, or the same. */
static bool adopt_segment(server_rec *s)
{
    apr_shm_t *shm;
    apr_pool_t *pool = s->process->pool;
    const char *path = segment_path(pool);
    if (apr_shm_attach(&shm, path, pool) != APR_SUCCESS) {
        return false;
    }
    if (usage_memory_open(&memory, apr_shm_baseaddr_get(shm),
                          apr_shm_size_get(shm))
        == APR_SUCCESS) {
        keep_segment(shm);
        USAGE_FAULT("adopted");
        apr_file_remove(state_path(pool), pool);
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, s,
                     "USG0003: mod_usage goes on with the counts of a server "
                     "that was killed");
        return true;
    }
    usage_segment_log_dropped(s, apr_shm_baseaddr_get(shm),
                              apr_shm_size_get(shm), path);
    apr_shm_detach(shm);
    apr_shm_remove(path, pool);
    return false;
}

static bool is_another(const usage_layout_t *layout)
{
    return layout->version != USAGE_MEMORY_VERSION
           && usage_layout_waiting(layout, retained()->size) >= 0;
}

/* Read a copy into a new segment. One of another version is dropped. */
static apr_status_t read_state(server_rec *s, apr_file_t *file, apr_size_t size)
{
    apr_shm_t *shm;
    const usage_geometry_t largest = { .slots = USAGE_SLOTS_MAX,
                                       .visitors = USAGE_VISITORS_MAX };
    if (size < sizeof(usage_header_t) || size > usage_memory_size(&largest)) {
        return APR_EMISMATCH;
    }
    apr_status_t rv = create(s, size, &shm);
    if (rv == APR_SUCCESS) {
        rv = usage_state_read(file, retained()->base, size);
    }
    if (rv == APR_SUCCESS) {
        rv = usage_memory_open(&memory, retained()->base, size);
    }
    if (rv == APR_EMISMATCH && is_another(retained()->base)) {
        usage_segment_log_dropped(s, retained()->base, size,
                                  state_path(s->process->pool));
        apr_file_remove(state_path(s->process->pool), s->process->pool);
        rv = APR_ENOENT;
    }
    if (rv != APR_SUCCESS) {
        drop_segment();
    }
    return rv;
}

/* Put a copy in the segment's place, the word that says that it is one last.
 * Both begin at the same place of a page. */
static apr_status_t replace(server_rec *s, apr_shm_t *copy, apr_size_t size)
{
    apr_shm_t *shm;
    const usage_layout_t *from = apr_shm_baseaddr_get(copy);
    const apr_size_t first = sizeof from->magic;
    drop_segment();
    apr_status_t rv = create(s, size, &shm);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    usage_layout_t *to = retained()->base;
    memcpy((char *)to + first, (const char *)from + first, size - first);
    USAGE_FAULT("half-replaced");
    atomic_store(&to->magic, from->magic);
    return usage_memory_open(&memory, to, size);
}

/* Let the segment have the sizes that are asked for now. */
static apr_status_t resize(server_rec *s, const usage_geometry_t *wants)
{
    apr_shm_t *copy;
    usage_carried_t lost;
    apr_status_t rv =
        usage_resize(s, &memory, wants, &copy, &lost, s->process->pool);
    if (rv != APR_SUCCESS) {
        return APR_SUCCESS; /* as it is: usage_segment_log_sizes tells */
    }
    rv = replace(s, copy, usage_memory_size(wants));
    apr_shm_destroy(copy);
    if (lost.visitors > 0 || lost.damaged > 0) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                     "USG0056: mod_usage's memory of new size has no room for "
                     "%u of its visitors, who will be counted again if they "
                     "come again; it dropped %u counts with damaged names",
                     lost.visitors, lost.damaged);
    }
    return rv;
}

static apr_status_t take_over(server_rec *s, const usage_global_conf_t *global)
{
    usage_geometry_t wants = geometry_of(global);
    if (atomic_exchange(&memory.header->is_flushed, 0) == 0) {
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, s,
                     "USG0006: mod_usage goes on with the counts that an "
                     "earlier stop could not flush");
    }
    return memcmp(&memory.header->geometry, &wants, sizeof wants) != 0
               ? resize(s, &wants)
               : APR_SUCCESS;
}

/* What a server that stopped has left. */
static bool adopt_state(server_rec *s, const usage_global_conf_t *global)
{
    apr_file_t *file;
    apr_size_t size;
    apr_pool_t *pool = s->process->pool;
    const char *path = state_path(pool);
    apr_status_t rv = usage_state_open(&file, path, &size, pool);
    if (rv != APR_SUCCESS) {
        return false;
    }
    rv = read_state(s, file, size);
    apr_file_close(file);
    if (rv == APR_ENOENT) {
        return false;
    }
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, rv, s,
                     "USG0005: mod_usage can't read %s, which an earlier stop "
                     "left: it is none of this version's; move it away",
                     path);
        return false;
    }
    USAGE_FAULT("read");
    rv = take_over(s, global);
    if (rv == APR_SUCCESS) {
        apr_file_remove(path, pool);
        USAGE_FAULT("taken-over");
    }
    return rv == APR_SUCCESS;
}

/* The segment of the configuration before. One of another layout has its
 * children and its caretaker, and loses its name. */
static apr_status_t go_on(server_rec *s, const usage_global_conf_t *global)
{
    retained_t *data = retained();
    if (usage_memory_open(&memory, data->base, data->size) == APR_SUCCESS) {
        usage_caretaker_dismiss();
        return APR_SUCCESS;
    }
    apr_shm_remove(segment_path(s->process->pool), s->process->pool);
    usage_caretaker_appoint(s, data->base, data->size);
    *data = (retained_t){ 0 };
    return create_empty(s, global);
}

apr_status_t usage_segment_open(server_rec *s,
                                const usage_global_conf_t *global)
{
    retained_t *data = retained();
    apr_status_t rv = APR_SUCCESS;
    if (data->base != NULL) {
        rv = go_on(s, global);
    }
    else if (!adopt_segment(s) && !adopt_state(s, global)) {
        rv = create_empty(s, global);
    }
    if (rv == APR_SUCCESS) {
        usage_geometry_t wants = geometry_of(global);
        usage_segment_log_sizes(s, &memory.header->geometry, &wants);
        usage_segment_keep_salts(s);
    }
    else {
        ap_log_error(APLOG_MARK, APLOG_EMERG, rv, s,
                     "USG0007: mod_usage has no shared memory to count in");
    }
    return rv;
}

static void save(server_rec *s, bool is_flushed)
{
    const char *path = state_path(s->process->pool);
    const retained_t *data = retained();
    usage_segment_log_saved(
        s, usage_state_save(path, data->base, data->size, s->process->pool),
        path, is_flushed);
}

void usage_segment_close(server_rec *s, bool is_flushed)
{
    if (retained()->base == NULL) {
        return;
    }
    atomic_store(&memory.header->is_flushed, is_flushed);
    save(s, is_flushed);
    apr_shm_remove(segment_path(s->process->pool), s->process->pool);
}
