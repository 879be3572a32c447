/* SPDX-License-Identifier: Apache-2.0
 * One job at a time: what it needs is copied into it, and only the loop's thread touches the rest.
 */
#include "wizard.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "api.h"
#include "disk.h"
#include "http.h"
#include "local.h"
#include "log.h"
#include "loop.h"
#include "loopback.h"
#include "memory.h"
#include "node.h"
#include "people.h"
#include "problem.h"
#include "restore.h"
#include "setup.h"
#include "web.h"
#include "web_form.h"
#include "web_setup.h"
#include "work.h"

enum { STEPS_MAX = 8 /* impatient presses of one button */ };
/* The last answer leaves within it, or its browser is gone. */
#define FAREWELL_MS (2 * SECOND_MS)

enum act { ACT_CREATE = 1, ACT_RESTORE, ACT_PAPERS, ACT_JOIN };

struct job {
    struct wizard *wizard; /* not touched by the helper thread */
    enum act act;
    char *home, *name, *person, *from, *passphrase;
    uint32_t roles;
    bool old_is_meant;
    uint16_t port;
    struct cost cost;
    struct clock *clock;
    struct chance *chance;
    enum status status;
    struct trouble trouble;
};

struct wizard {
    struct wizard_options options;
    struct loop *loop;
    struct work *work;
    struct api *api;
    struct http *http, *page_http;
    struct web *web;
    uint16_t port;
    int page_fd;     /* ours beside http's: it outlives it */
    enum act acting; /* 0: nothing is being done */
    struct web_step *steps[STEPS_MAX];
    size_t n_steps;
    bool stop;
};

/* --- acts ------------------------------------------------------------------------------------------------- */

static void free_secret(char *text)
{
    memory_wipe(text, strlen(text));
    memory_free(text);
}

static void free_job(void *context)
{
    struct job *job = context;

    free_secret(job->passphrase);
    memory_free(job->home);
    memory_free(job->name);
    memory_free(job->person);
    memory_free(job->from);
    memory_free(job);
}

static enum status create(struct job *job)
{
    const struct node_new request = {.home = job->home,
        .name = job->name,
        .person = job->person,
        .roles = job->roles,
        .passphrase = span_text(job->passphrase),
        .cost = job->cost,
        .clock = job->clock,
        .chance = job->chance};

    enum status status = setup_put_aside(job->home, &job->trouble);

    return status == STATUS_OK ? node_create(&request, &job->trouble) : status;
}

static enum status restore(struct job *job)
{
    const struct restore request = {.from = job->from,
        .home = job->home,
        .person = job->person,
        .passphrase = span_text(job->passphrase),
        .old_is_meant = job->old_is_meant,
        .clock = job->clock};
    struct restore_report report;

    enum status status = setup_put_aside(job->home, &job->trouble);

    return status == STATUS_OK ? restore_node(&request, &report, &job->trouble) : status;
}

static void do_job(void *context)
{
    struct job *job = context;

    switch (job->act) {
    case ACT_CREATE:
        job->status = create(job);
        break;
    case ACT_RESTORE:
        job->status = restore(job);
        break;
    case ACT_PAPERS:
        job->status = setup_take_papers(job->home, job->from, &job->trouble);
        break;
    case ACT_JOIN:
        job->status = setup_join(job->home, job->clock, job->chance, &job->trouble);
        break;
    }
    if (job->status == STATUS_OK && job->act != ACT_PAPERS)
        job->status = setup_keep_port(job->home, job->port, &job->trouble);
}

static const char *name_failure(const struct job *job)
{
    switch (job->act) {
    case ACT_RESTORE:
        return job->status == STATUS_EXPIRED ? "setup-old" : "setup-restore";
    case ACT_PAPERS:
        return "setup-papers";
    case ACT_JOIN:
        return "setup-join";
    default:
        return "setup-failed";
    }
}

/* All that pressed the same button. */
static void end_steps(struct wizard *wizard, const char *code, const char *detail)
{
    size_t n = wizard->n_steps;

    wizard->n_steps = 0;
    wizard->acting = 0;
    for (size_t i = 0; i < n; i++)
        web_step_end(wizard->steps[i], code ? 400 : 303, code, detail);
}

static void on_done(void *context)
{
    struct job *job = context;

    log_event(LOG_INFO, "setup", "step=%s result=%s",
        setup_step_name(setup_step(job->home)), log_text(status_name(job->status)));
    if (job->status == STATUS_OK)
        end_steps(job->wizard, NULL, NULL);
    else
        end_steps(job->wizard, name_failure(job),
            *job->trouble.text ? job->trouble.text : status_name(job->status));
    free_job(job);
}

static const char *value(const struct web_form *form, const char *name)
{
    const char *text = web_form_value(form, name);

    return text ? text : "";
}

static void start(struct wizard *wizard, enum act act, const struct web_form *form,
    struct web_step *step)
{
    static const struct work_kind KIND = {do_job, on_done, free_job};
    struct job *job;
    enum role role;

    if ((wizard->acting && wizard->acting != act) || wizard->n_steps == STEPS_MAX) {
        web_step_end(step, 409, "setup-busy", NULL);
        return;
    }
    wizard->steps[wizard->n_steps++] = step;
    if (wizard->acting)
        return; /* the second press of one button */
    wizard->acting = act;
    job = memory_new(sizeof(*job));
    job->wizard = wizard;
    job->act = act;
    job->home = memory_copy_text(wizard->options.home);
    job->name = memory_copy_text(value(form, "name"));
    job->person = memory_copy_text(value(form, act == ACT_RESTORE ? "whose" : "person"));
    job->from = memory_copy_text(value(form, act == ACT_RESTORE ? "from" : "folder"));
    job->passphrase = memory_copy_text(value(form, "passphrase"));
    job->old_is_meant = strcmp(value(form, "old"), "yes") == 0;
    if (role_parse(value(form, "role"), &role) == STATUS_OK)
        job->roles = 1u << (role - 1);
    job->port = wizard->port;
    job->cost = wizard->options.cost;
    job->clock = wizard->options.clock;
    job->chance = wizard->options.chance;
    work_run(wizard->work, &KIND, job);
}

/* What init would refuse, in words of the page; NULL: nothing. */
static const char *find_fault(const struct web_form *form)
{
    const char *passphrase = value(form, "passphrase");
    enum role role;

    if (!profile_name_is_valid(value(form, "name")))
        return "setup-name";
    if (role_parse(value(form, "role"), &role) != STATUS_OK)
        return "setup-role";
    if (!person_name_is_good(value(form, "person")))
        return "setup-person";
    if (strcmp(passphrase, value(form, "again")) != 0)
        return "setup-two-differ";
    if (strlen(passphrase) < NODE_PASSPHRASE_MIN ||
        strlen(passphrase) > PASSWORD_MAX_BYTES || strchr(passphrase, '\n'))
        return "setup-weak";
    return NULL;
}

/* Yes counts for the digits that stood on that page alone. */
static void compare(
    struct wizard *wizard, const struct web_form *form, struct web_step *step)
{
    char root[FINGERPRINT_TEXT_BYTES];

    setup_root(wizard->options.home, root);
    if (strcmp(value(form, "same"), "yes") == 0 && *root &&
        strcmp(value(form, "root"), root) == 0) {
        start(wizard, ACT_JOIN, form, step);
    } else if (wizard->acting) {
        web_step_end(step, 409, "setup-busy", NULL);
    } else {
        setup_drop_papers(wizard->options.home);
        web_step_end(step, 409, "setup-root-differs", NULL);
    }
}

static void act(
    void *context, const char *name, const struct web_form *form, struct web_step *step)
{
    struct wizard *wizard = context;
    enum setup_step now = setup_step(wizard->options.home);
    const char *fault;

    if (strcmp(name, "create") == 0 && now == SETUP_START) {
        fault = wizard->acting ? NULL : find_fault(form);
        if (fault)
            web_step_end(step, 400, fault, NULL);
        else
            start(wizard, ACT_CREATE, form, step);
    } else if (strcmp(name, "restore") == 0 && now == SETUP_START) {
        start(wizard, ACT_RESTORE, form, step);
    } else if (strcmp(name, "papers") == 0 && now == SETUP_REQUEST) {
        start(wizard, ACT_PAPERS, form, step);
    } else if (strcmp(name, "compare") == 0 && now == SETUP_COMPARE) {
        compare(wizard, form, step);
    } else {
        web_step_end(
            step, 303, NULL, NULL); /* a step that is over: to the one that is due */
    }
}

static struct json *show(void *context)
{
    const struct wizard *wizard = context;

    return setup_show(wizard->options.home);
}

/* --- the socket: only "open" --------------------------------------------------------------------------------- */

static void make_call(void *context, const char *verb, const char *key,
    const struct json *request, struct json **ret_answer, int *ret_http)
{
    struct problem problem = {0};

    (void)context, (void)verb, (void)key, (void)request;
    problem_say(&problem, 409, "not-set-up",
        "This desk is not set up yet. Nothing was changed. \"amaan open\" goes on with "
        "it.");
    *ret_answer = problem_format(&problem);
    *ret_http = 409;
}

static void on_door(
    void *context, const char *verb, const struct json *request, struct api_call *call)
{
    struct wizard *wizard = context;
    char address[WEB_ADDRESS_MAX];

    (void)request;
    if (strcmp(verb, "open") != 0) {
        api_fail(call, 409, "not-set-up",
            "This desk is not set up yet. Nothing was changed. \"amaan open\" goes on "
            "with it.");
        return;
    }
    struct json *json = json_new_object();
    web_address(wizard->web, address);
    json_put_text(json, "address", address);
    memory_wipe(address, sizeof(address));
    api_finish(call, 200, &json);
}

static void on_request(void *context, struct http_request *request)
{
    struct wizard *wizard = context;

    api_take(wizard->api, request);
}

static void on_page_request(void *context, struct http_request *request)
{
    struct wizard *wizard = context;

    web_take(wizard->web, request);
}

static void on_signal(void *context, int number)
{
    struct wizard *wizard = context;

    if (number != SIGHUP)
        wizard->stop = true;
}

/* --- life ------------------------------------------------------------------------------------------------------ */

/* The port of before, so that a page that stands in a browser goes on; else the usual one; else any. */
static enum status listen_for_pages(
    struct wizard *wizard, int *ret_fd, struct trouble *trouble)
{
    const uint16_t kept = setup_port(wizard->options.home);
    const uint16_t tries[] = {kept ? kept : WIZARD_PORT, 0};
    enum status status = STATUS_EXISTS;

    for (size_t i = 0; status != STATUS_OK && i < ARRAY_LENGTH(tries); i++) {
        *trouble = (struct trouble){""};
        status = loopback_listen(tries[i], ret_fd, &wizard->port, trouble);
    }
    return status;
}

static enum status open_page(struct wizard *wizard, struct trouble *trouble)
{
    static const struct web_setup NONE;
    struct http_options options = {.loop = wizard->loop,
        .body_bytes_max = WEB_FORM_BYTES_MAX,
        .fields = WEB_FIELDS,
        .n_fields = WEB_FIELDS_N,
        .on_request = on_page_request,
        .context = wizard};
    struct web_setup setup = NONE;
    enum status status = listen_for_pages(wizard, &options.listen_fd, trouble);

    if (status != STATUS_OK)
        return status;
    wizard->page_fd = fcntl(options.listen_fd, F_DUPFD_CLOEXEC, 0);
    setup.show = show;
    setup.act = act;
    setup.context = wizard;
    struct web_options web = {.port = wizard->port,
        .clock = wizard->options.clock,
        .chance = wizard->options.chance,
        .setup = &setup,
        .context = wizard};
    wizard->web = web_new(&web);
    return http_open(&options, &wizard->page_http, trouble);
}

static enum status open_all(
    struct wizard *wizard, const char *socket, struct trouble *trouble)
{
    struct http_options options = {.loop = wizard->loop,
        .local = true,
        .body_bytes_max = API_BODY_BYTES_MAX,
        .on_request = on_request,
        .context = wizard};
    const struct api_options api = {.clock = wizard->options.clock,
        .call = make_call,
        .door = on_door,
        .context = wizard};
    enum status status = disk_make_folder(wizard->options.home, trouble);

    wizard->api = api_new(&api);
    if (status == STATUS_OK)
        status = local_listen(socket, &options.listen_fd, trouble);
    if (status == STATUS_OK)
        status = http_open(&options, &wizard->http, trouble);
    return status == STATUS_OK ? open_page(wizard, trouble) : status;
}

static enum status turn(struct wizard *wizard)
{
    enum status status = loop_turn(wizard->loop, api_deadline_steady_ms(wizard->api));

    api_turn(wizard->api);
    api_speak(wizard->api);
    if (api_has_work(wizard->api))
        loop_hurry(wizard->loop);
    return status;
}

/* The answer to the last step is on its way; who comes now is queued by the kernel until `serve` listens. */
static void say_farewell(struct wizard *wizard)
{
    int64_t until_ms = loop_now_ms(wizard->loop) + FAREWELL_MS;

    http_quiesce(wizard->page_http);
    while (
        http_connections(wizard->page_http) > 0 && loop_now_ms(wizard->loop) < until_ms)
        if (loop_turn(wizard->loop, until_ms) != STATUS_OK)
            break;
}

static void close_all(struct wizard *wizard)
{
    http_close(&wizard->page_http);
    http_close(&wizard->http);
    api_destroy(&wizard->api);
    web_destroy(&wizard->web);
    work_destroy(&wizard->work);
    loop_destroy(&wizard->loop);
}

enum status wizard(
    const struct wizard_options *options, struct wizard_end *ret, struct trouble *trouble)
{
    struct wizard *wizard = memory_new(sizeof(*wizard));
    char *run = disk_path(options->home, "run"), *socket = disk_path(run, "socket");
    enum status status;

    *ret = (struct wizard_end){.page_fd = -1};
    wizard->options = *options;
    wizard->page_fd = -1;
    wizard->loop = loop_new(options->clock);
    loop_on_signal(wizard->loop, on_signal, wizard);
    wizard->work = work_new(wizard->loop);
    status = open_all(wizard, socket, trouble);
    if (status == STATUS_OK) {
        log_event(LOG_INFO, "wizard-serves", "step=%s",
            setup_step_name(setup_step(options->home)));
        if (options->on_ready)
            options->on_ready(options->context, socket);
    }
    while (status == STATUS_OK && !wizard->stop && !ret->ready) {
        status = turn(wizard);
        ret->ready = !wizard->acting && setup_step(options->home) == SETUP_READY;
    }
    if (status == STATUS_OK && ret->ready) {
        say_farewell(wizard);
        ret->page_fd = wizard->page_fd;
        wizard->page_fd = -1;
    }
    http_close(&wizard->page_http);
    if (ret->ready && wizard->web)
        ret->sessions = web_take_sessions(wizard->web);
    close_all(wizard);
    if (wizard->page_fd >= 0)
        (void)close(wizard->page_fd);
    memory_free(run);
    memory_free(socket);
    memory_free(wizard);
    return status;
}
