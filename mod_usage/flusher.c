/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent's side of flushing. A pass of the monitor hook looks at the clock
 * and at the table's fill; the rest is httpd's bookkeeping of children: the
 * callback comes when the flusher has ended, and its pid is kept where a
 * restart, which unloads this module, does not reach.
 */
#include "flusher.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <apr_strings.h>
#include <apr_thread_proc.h>
#include <ap_mpm.h>
#include <http_core.h>
#include <http_log.h>

#include "caretaker.h"
#include "config.h"
#include "engine/fault.h"
#include "engine/flush.h"
#include "flush_child.h"
#include "mod_usage.h"
#include "segment.h"

APLOG_USE_MODULE(usage);

/* Between two looks at a flusher that is waited for. */
#define WAIT_STEP apr_time_from_msec(10)

/* Time that a flusher has beyond its own deadline before it is killed. */
#define KILL_AFTER 2

/* What outlives the configuration, and the unloading of this module. */
typedef struct retained_t {
    apr_proc_t flusher; /* pid 0: none runs */
    apr_time_t due;
    pid_t parent;
} retained_t;

static retained_t *retained(void)
{
    static const char key[] = "mod_usage flusher";
    retained_t *data = ap_retained_data_get(key);
    return data != NULL ? data : ap_retained_data_create(key, sizeof *data);
}

static const usage_global_conf_t *global_of(server_rec *s)
{
    return usage_server_conf(s)->global;
}

static apr_time_t after(apr_int64_t seconds)
{
    return apr_time_now() + apr_time_from_sec(seconds);
}

/* A flusher that a signal ended could not say so itself. */
static void note_signal(server_rec *s, int number, bool is_late)
{
    usage_header_t *header = usage_segment_memory()->header;
    const char *problem =
        is_late
            ? apr_psprintf(s->process->pool,
                           "no end within UsageFlushTimeout, %" APR_INT64_T_FMT
                           " s",
                           global_of(s)->flush_timeout)
            : apr_psprintf(s->process->pool,
                           "the flusher was ended by signal %d", number);
    usage_flush_failed(header, problem, apr_time_sec(apr_time_now()));
    usage_flush_child_log(s, problem);
}

/* A status is an exit code, a signal's number or what wait() tells: who calls
 * does not say which. */
static void ended(server_rec *s, int status)
{
    retained()->flusher.pid = 0;
    if (status >= USAGE_FLUSH_EXITS && WIFSIGNALED(status)) {
        note_signal(s, WTERMSIG(status), WTERMSIG(status) == SIGALRM);
    }
}

static void maintain(int reason, void *data, int status)
{
    server_rec *s = data;
    if (reason == APR_OC_REASON_DEATH || reason == APR_OC_REASON_LOST) {
        apr_proc_other_child_unregister(s);
        ended(s, status);
    }
}

static void watch(server_rec *s, apr_pool_t *pconf)
{
    apr_proc_other_child_register(&retained()->flusher, maintain, s, NULL,
                                  pconf);
}

/* Fork a flusher. In the parent: APR_INPARENT or an error. */
static apr_status_t fork_flusher(server_rec *s, apr_pool_t *pool)
{
    USAGE_FAULT("fork");
    apr_status_t rv = apr_proc_fork(&retained()->flusher, pool);
    if (rv == APR_INCHILD) {
        usage_flush_child_run(s);
    }
    if (rv != APR_INPARENT) {
        retained()->flusher.pid = 0;
        ap_log_error(APLOG_MARK, APLOG_ERR, rv, s,
                     "USG0010: mod_usage can't fork a flusher");
    }
    return rv;
}

/* A clock that was set back must not put a flush off. */
static bool is_due(server_rec *s, apr_time_t now)
{
    const usage_memory_t *memory = usage_segment_memory();
    apr_time_t due = retained()->due;
    return now >= due || due > after(global_of(s)->flush_interval)
           || usage_table_is_filling(
               &memory->tables[usage_memory_active(memory)]);
}

int usage_flusher_monitor(apr_pool_t *pool, server_rec *s)
{
    int state = 0;
    retained_t *data = retained();
    (void)pool;
    if (!usage_conf_is_used()
        || ap_mpm_query(AP_MPMQ_MPM_STATE, &state) != APR_SUCCESS
        || state == AP_MPMQ_STOPPING) {
        return DECLINED;
    }
    usage_segment_keep_salts(s);
    if (data->flusher.pid != 0 || !is_due(s, apr_time_now())
        || usage_caretaker_owes()) {
        return DECLINED;
    }
    data->due = after(global_of(s)->flush_interval);
    if (fork_flusher(s, s->process->pconf) == APR_INPARENT) {
        watch(s, s->process->pconf);
    }
    return DECLINED;
}

static const char *inherited_node;

const char *usage_flusher_node(const server_rec *s)
{
    return inherited_node != NULL ? inherited_node
                                  : usage_server_conf(s)->global->node;
}

void usage_flusher_inherit(server_rec *s, int number)
{
    retained()->flusher.pid = 0; /* it is the server's */
    inherited_node =
        apr_psprintf(s->process->pool, "%s~%d", global_of(s)->node, number);
}

/* Wait for the flusher: true if it ended well before the deadline. One that
 * someone stopped is no end either (APR_EGENERAL). */
static bool wait_for_flusher(server_rec *s)
{
    int code = 0;
    apr_exit_why_e why = APR_PROC_EXIT;
    retained_t *data = retained();
    apr_time_t deadline = after(global_of(s)->flush_timeout + KILL_AFTER);
    apr_status_t rv = APR_CHILD_NOTDONE;
    bool is_late = false;
    while (rv == APR_CHILD_NOTDONE || rv == APR_EGENERAL) {
        is_late = apr_time_now() > deadline;
        if (is_late) {
            apr_proc_kill(&data->flusher, SIGKILL);
        }
        apr_sleep(WAIT_STEP);
        rv = apr_proc_wait(&data->flusher, &code, &why, APR_NOWAIT);
    }
    data->flusher.pid = 0;
    if (APR_PROC_CHECK_SIGNALED(why)) {
        note_signal(s, code, is_late || code == SIGALRM);
    }
    return rv == APR_CHILD_DONE && APR_PROC_CHECK_EXIT(why) && code == 0;
}

bool usage_flusher_flush(server_rec *s)
{
    return fork_flusher(s, s->process->pconf) == APR_INPARENT
           && wait_for_flusher(s);
}

/*
 * The last flush: runs in the parent as it exits, after the children, while
 * the hooks that drop privileges are still there. And what looks after the
 * counts when the parent restarts.
 */
static apr_status_t flush_at_end(void *data)
{
    server_rec *s = data;
    int state = ap_state_query(AP_SQ_MAIN_STATE);
    if (getpid() != retained()->parent) {
        return APR_SUCCESS;
    }
    if (state == AP_SQ_MS_DESTROY_CONFIG) {
        usage_caretaker_fork(s);
    }
    if (state != AP_SQ_MS_EXITING) {
        return APR_SUCCESS;
    }
    if (retained()->flusher.pid != 0) {
        apr_proc_other_child_unregister(s);
        wait_for_flusher(s);
    }
    usage_caretaker_finish(s);
    usage_segment_close(s, usage_flusher_flush(s));
    return APR_SUCCESS;
}

void usage_flusher_start(server_rec *s, apr_pool_t *pconf)
{
    retained_t *data = retained();
    if (usage_caretaker_watch(pconf) || data->due == 0) {
        data->due = after(global_of(s)->flush_interval);
    }
    if (usage_segment_lacks_salts(s)) {
        data->due = apr_time_now();
    }
    data->parent = getpid();
    if (data->flusher.pid != 0) {
        watch(s, pconf);
    }
    usage_caretaker_prepare(s, pconf);
    apr_pool_pre_cleanup_register(pconf, s, flush_at_end);
}

int usage_flusher_ask(server_rec *s, int (*fn)(void *baton), void *baton,
                      apr_pool_t *pool)
{
    apr_proc_t proc;
    int code = -1;
    apr_exit_why_e why = APR_PROC_EXIT;
    apr_status_t rv = apr_proc_fork(&proc, pool);
    if (rv == APR_INCHILD) {
        usage_flush_child_demote(s);
        _exit(fn(baton));
    }
    if (rv == APR_INPARENT) {
        apr_proc_wait(&proc, &code, &why, APR_WAIT);
    }
    return APR_PROC_CHECK_EXIT(why) ? code : -1;
}
