/* SPDX-License-Identifier: Apache-2.0 */
/* Client hints against what the agent string says. */
#include "unit.h"

#include "engine/agent_hints.h"

typedef struct hint_t {
    usage_device_e said_device;
    usage_system_e said_system;
    const char *mobile, *platform;
    usage_device_e device;
    usage_system_e system;
} hint_t;

#define DEVICE(word) USAGE_DEVICE_##word
#define SYSTEM(word) USAGE_SYSTEM_##word

static const hint_t hints[] = {
    { DEVICE(DESKTOP), SYSTEM(LINUX), NULL, NULL, DEVICE(DESKTOP),
      SYSTEM(LINUX) },
    { DEVICE(DESKTOP), SYSTEM(LINUX), "?1", "\"Android\"", DEVICE(MOBILE),
      SYSTEM(ANDROID) },
    { DEVICE(DESKTOP), SYSTEM(LINUX), "?0", "\"Android\"", DEVICE(TABLET),
      SYSTEM(ANDROID) },
    { DEVICE(TABLET), SYSTEM(ANDROID), "?1", NULL, DEVICE(MOBILE),
      SYSTEM(ANDROID) },
    { DEVICE(MOBILE), SYSTEM(ANDROID), "?0", "\"Windows\"", DEVICE(DESKTOP),
      SYSTEM(WINDOWS) },
    { DEVICE(DESKTOP), SYSTEM(LINUX), "?0", "\"Chrome OS\"", DEVICE(DESKTOP),
      SYSTEM(CHROMEOS) },
    { DEVICE(DESKTOP), SYSTEM(WINDOWS), "?0", "\"macOS\"", DEVICE(DESKTOP),
      SYSTEM(MACOS) },
    { DEVICE(TV), SYSTEM(WEBOS), "?0", "\"Linux\"", DEVICE(TV), SYSTEM(WEBOS) },
    { DEVICE(TV), SYSTEM(ANDROID), "?0", "\"Android\"", DEVICE(TV),
      SYSTEM(ANDROID) },
    { DEVICE(CONSOLE), SYSTEM(OTHER), "?1", "\"Windows\"", DEVICE(CONSOLE),
      SYSTEM(WINDOWS) },
    { DEVICE(MOBILE), SYSTEM(HARMONYOS), "?1", "\"Android\"", DEVICE(MOBILE),
      SYSTEM(HARMONYOS) },
    { DEVICE(TABLET), SYSTEM(IPADOS), "?0", "\"iOS\"", DEVICE(TABLET),
      SYSTEM(IPADOS) },
    /* What is no hint */
    { DEVICE(MOBILE), SYSTEM(ANDROID), "", "", DEVICE(MOBILE),
      SYSTEM(ANDROID) },
    { DEVICE(MOBILE), SYSTEM(ANDROID), "?2", "\"Unknown\"", DEVICE(MOBILE),
      SYSTEM(ANDROID) },
    { DEVICE(MOBILE), SYSTEM(ANDROID), "0", "Windows", DEVICE(MOBILE),
      SYSTEM(ANDROID) },
    { DEVICE(OTHER), SYSTEM(OTHER), "?0", NULL, DEVICE(OTHER), SYSTEM(OTHER) },
};

START_TEST(hint_wins_over_the_agent)
{
    const hint_t *hint = &hints[_i];
    usage_agent_t agent = { .device = hint->said_device,
                            .system = hint->said_system };
    usage_agent_hint(&agent, hint->mobile, hint->platform);
    ck_assert_int_eq(agent.device, hint->device);
    ck_assert_int_eq(agent.system, hint->system);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("agent_hints");
    TCase *tcase = unit_case(suite, "agent_hints");

    tcase_add_loop_test(tcase, hint_wins_over_the_agent, 0,
                        (int)(sizeof hints / sizeof *hints));
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
