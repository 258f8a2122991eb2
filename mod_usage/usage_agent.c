/* SPDX-License-Identifier: Apache-2.0 */
/*
 * usage-agent: what the module makes of agent strings. One a line on standard
 * input; on standard output a line each, its fields apart by tabs.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/agent.h"

static const char usage_text[] =
    "Usage: usage-agent [--help | --version] <AGENTS\n"
    "\n"
    "Reads agent strings (User-Agent), one a line, and says what mod_usage\n"
    "makes of each, one line with tabs between:\n"
    "\n"
    "  person or bot, kind of bot, its name, device, browser, its major\n"
    "  version, system\n"
    "\n"
    "What does not apply is empty. An empty line is the agent of a request\n"
    "without one.\n";

static void print_agent(const char *line, size_t length)
{
    usage_agent_t agent = usage_agent_classify(line, length);
    printf("%s\t%s\t%s\t%s\t%s\t", agent.is_bot ? "bot" : "person",
           usage_bot_kind_word((int)agent.kind), usage_bot_name(agent.bot),
           usage_device_word((int)agent.device),
           usage_browser_word((int)agent.browser));
    if (agent.version != 0) {
        printf("%u", agent.version);
    }
    printf("\t%s\n", usage_system_word((int)agent.system));
}

static int run(void)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    while ((length = getline(&line, &size, stdin)) >= 0) {
        if (length > 0 && line[length - 1] == '\n') {
            length--;
        }
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        print_agent(line, (size_t)length);
    }
    free(line);
    if (ferror(stdin) || fflush(stdout) != 0 || ferror(stdout)) {
        perror("usage-agent");
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        return run();
    }
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage_text, stdout);
        return EXIT_SUCCESS;
    }
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("usage-agent " USAGE_VERSION);
        return EXIT_SUCCESS;
    }
    fputs(usage_text, stderr);
    return EXIT_FAILURE;
}
