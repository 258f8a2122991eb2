# SPDX-License-Identifier: Apache-2.0
"""A request that is counted makes no system call for it, takes no lock, and
has no memory but its pool's."""

import pytest

import place as places
import quiet

pytestmark = pytest.mark.skipif(
    not quiet.has_tools() or places.SANITIZE,
    reason="needs strace and valgrind, and no sanitizer")


def test_no_system_call():
    added, before = quiet.added_calls()
    assert before > 5
    # A request that comes early saves the server a wait for it. That the
    # module itself waits for nothing is shown below.
    waits = {"poll", "read", "restart_syscall"}
    assert not {name: count for name, count in added.items()
                if count > 0.05 and name not in waits}


def test_no_lock_and_no_memory():
    profile = quiet.profile()
    assert any(name.startswith("usage_filter") for name in profile.own())
    reached = profile.reached()
    assert {"ap_pass_brigade", "apr_siphash24"} <= reached
    assert not {name for name in reached if quiet.FORBIDDEN.search(name)}
