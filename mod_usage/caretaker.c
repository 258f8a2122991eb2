/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The children of a configuration hold the one end of a pipe, and its
 * caretaker the other: it reads the end of the file when the last of them has
 * gone, however it went. A caretaker is dismissed by SIGKILL, which no flush
 * minds, and told to hurry by SIGUSR2.
 */
#include "caretaker.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <apr_file_io.h>
#include <apr_portable.h>
#include <apr_thread_proc.h>
#include <http_log.h>
#include <http_main.h>

#include "config.h"
#include "flush_child.h"
#include "flusher.h"
#include "mod_usage.h"
#include "segment.h"

APLOG_USE_MODULE(usage);

/* By when a new configuration has dismissed its caretaker, as a rule. */
#define PATIENCE apr_time_from_sec(2)

#define PAGE 4096

/* Milliseconds between two looks around. */
#define STEP 100

/* Upgrades of which old children still serve, while more come. */
#define APPOINTED_MAX 32

/* An appointed caretaker; pid 0: none. */
typedef struct duty_t {
    apr_proc_t proc;
    void *base; /* of the segment that it looks after */
    apr_size_t size;
} duty_t;

/* What outlives the configuration, and the unloading of this module. */
typedef struct retained_t {
    apr_proc_t candidate; /* forked at this restart; pid 0: none */
    duty_t duties[APPOINTED_MAX];
} retained_t;

/* The pipe of this configuration. */
static apr_file_t *reader;
static apr_file_t *writer;

static bool is_appointed;

static volatile sig_atomic_t must_hurry;

static retained_t *retained(void)
{
    static const char key[] = "mod_usage caretaker";
    retained_t *data = ap_retained_data_get(key);
    return data != NULL ? data : ap_retained_data_create(key, sizeof *data);
}

/* Programs that children start must not hold the pipe. */
static void close_on_exec(apr_file_t *file)
{
    apr_os_file_t fd;
    if (apr_os_file_get(&fd, file) == APR_SUCCESS) {
        fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
}

void usage_caretaker_prepare(server_rec *s, apr_pool_t *pconf)
{
    apr_status_t rv = apr_file_pipe_create(&reader, &writer, pconf);
    if (rv != APR_SUCCESS) {
        reader = NULL;
        ap_log_error(APLOG_MARK, APLOG_WARNING, rv, s,
                     "USG0057: mod_usage gets no pipe; counts that a later "
                     "upgrade can't take over will be lost");
        return;
    }
    close_on_exec(reader);
    close_on_exec(writer);
}

static void hurry(int number)
{
    (void)number;
    must_hurry = 1;
}

/* Wait a little: whether the old children have gone, or time is over. */
static bool is_last_call(void)
{
    struct pollfd end = { .events = POLLIN };
    apr_os_file_get(&end.fd, reader);
    return must_hurry || poll(&end, 1, STEP) != 0;
}

/* Wait: whether the last flush is due before @a until. */
static bool wait_until(apr_time_t until)
{
    while (apr_time_now() < until) {
        if (is_last_call()) {
            return true;
        }
    }
    return false;
}

/* When the last children have gone, the database may be away: go on trying
 * while the server runs. */
static void flush_last(server_rec *s, pid_t parent, apr_time_t interval)
{
    bool is_flushed = usage_flusher_flush(s);
    while (!is_flushed && !must_hurry && getppid() == parent) {
        apr_time_t until = apr_time_now() + interval;
        while (apr_time_now() < until && !must_hurry) {
            apr_sleep(apr_time_from_msec(STEP));
        }
        is_flushed = usage_flusher_flush(s);
    }
}

/* One beyond the most is let go of: it ends on its own. */
static duty_t *free_duty(void)
{
    duty_t *duties = retained()->duties;
    int at = 0;
    while (at < APPOINTED_MAX - 1 && duties[at].proc.pid != 0) {
        at++;
    }
    return &duties[at];
}

static void care(server_rec *s, pid_t parent, int number)
    __attribute__((noreturn));

static void care(server_rec *s, pid_t parent, int number)
{
    apr_time_t interval =
        apr_time_from_sec(usage_server_conf(s)->global->flush_interval);
    usage_flush_child_detach();
    signal(SIGUSR2, hurry);
    signal(SIGCHLD, SIG_DFL);
    apr_file_close(writer);
    bool is_last = wait_until(apr_time_now() + PATIENCE);
    if (is_last) {
        apr_sleep(must_hurry ? 0 : PATIENCE);
    }
    usage_flusher_inherit(s, number);
    while (!is_last) {
        usage_flusher_flush(s);
        is_last = wait_until(apr_time_now() + interval);
    }
    flush_last(s, parent, interval);
    _exit(0);
}

void usage_caretaker_fork(server_rec *s)
{
    pid_t parent = getpid();
    apr_proc_t *proc = &retained()->candidate;
    if (reader == NULL || usage_segment_memory()->header == NULL) {
        return;
    }
    apr_status_t rv = apr_proc_fork(proc, s->process->pool);
    if (rv == APR_INCHILD) {
        care(s, parent, (int)(free_duty() - retained()->duties) + 1);
    }
    if (rv != APR_INPARENT) {
        proc->pid = 0;
        ap_log_error(APLOG_MARK, APLOG_ERR, rv, s,
                     "USG0059: mod_usage can't fork a caretaker");
    }
}

void usage_caretaker_dismiss(void)
{
    pid_t pid = retained()->candidate.pid;
    retained()->candidate.pid = 0;
    /* It is ours as long as nobody has waited for it. */
    if (pid > 0 && waitpid(pid, NULL, WNOHANG) == 0) {
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
}

static void *page_of(void *base)
{
    return (void *)((apr_uintptr_t)base / PAGE * PAGE);
}

/* A caretaker has ended: whether it was well, the segment tells. Nobody else
 * has it any more, and the parent needs its memory no longer. */
static void relieve(server_rec *s, duty_t *duty)
{
    apr_int64_t left = usage_layout_waiting(duty->base, duty->size);
    duty->proc.pid = 0;
    if (left != 0) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, s,
                     "USG0058: mod_usage lost %" APR_INT64_T_FMT
                     " counts of hits, views and events of before a restart: "
                     "they could not be flushed",
                     left);
    }
    madvise(page_of(duty->base), duty->size, MADV_REMOVE);
}

static void maintain(int reason, void *data, int status)
{
    duty_t *duty = data;
    (void)status;
    if (reason == APR_OC_REASON_DEATH || reason == APR_OC_REASON_LOST) {
        apr_proc_other_child_unregister(data);
        relieve(ap_server_conf, duty);
    }
}

void usage_caretaker_appoint(server_rec *s, void *base, apr_size_t size)
{
    duty_t *duty = free_duty();
    *duty =
        (duty_t){ .proc = retained()->candidate, .base = base, .size = size };
    retained()->candidate.pid = 0;
    if (duty->proc.pid == 0) {
        relieve(s, duty);
        return;
    }
    is_appointed = true;
    ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, s,
                 "USG0060: this mod_usage lays its memory out anew; process "
                 "%" APR_PID_T_FMT " flushes what the old children count; "
                 "today's visitors are met anew",
                 duty->proc.pid);
}

bool usage_caretaker_watch(apr_pool_t *pconf)
{
    for (int i = 0; i < APPOINTED_MAX; i++) {
        duty_t *duty = &retained()->duties[i];
        if (duty->proc.pid != 0) {
            apr_proc_other_child_register(&duty->proc, maintain, duty, NULL,
                                          pconf);
        }
    }
    return is_appointed;
}

bool usage_caretaker_owes(void)
{
    bool owes = false;
    for (int i = 0; i < APPOINTED_MAX; i++) {
        const duty_t *duty = &retained()->duties[i];
        const usage_layout_t *layout = duty->base;
        owes =
            owes
            || (duty->proc.pid != 0 && atomic_load(&layout->batch_state) != 0);
    }
    return owes;
}

static bool is_running(const duty_t *duty)
{
    return waitpid(duty->proc.pid, NULL, WNOHANG) == 0;
}

static void wait_for(duty_t *duty, apr_time_t end)
{
    kill(duty->proc.pid, SIGUSR2);
    while (is_running(duty)) {
        if (apr_time_now() > end) {
            kill(duty->proc.pid, SIGKILL);
        }
        apr_sleep(apr_time_from_msec(10));
    }
}

void usage_caretaker_finish(server_rec *s)
{
    apr_int64_t timeout = usage_server_conf(s)->global->flush_timeout + 2;
    apr_time_t end = apr_time_now() + apr_time_from_sec(timeout);
    for (int i = 0; i < APPOINTED_MAX; i++) {
        duty_t *duty = &retained()->duties[i];
        if (duty->proc.pid != 0 && is_running(duty)) {
            wait_for(duty, end);
        }
        if (duty->proc.pid != 0) {
            relieve(s, duty);
        }
    }
}
