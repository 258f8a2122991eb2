# SPDX-License-Identifier: Apache-2.0
"""Users who logged in, by the day: by a hash, or by their names."""

import base64
import os

import pytest

from processes import wait_until

NAMES = ("anna", "bert", "\u00c5sa", "=1+1<b>")

AUTH = '''
<Directory "{folder}/site">
    AuthType Basic
    AuthName test
    AuthUserFile "{folder}/users"
    <RequireAny>
        Require valid-user
        Require expr %{REQUEST_URI} =~ m#^/(b.html|usage-stats)#
    </RequireAny>
</Directory>
'''
MODULES = ["auth_basic", "authn_core", "authn_file", "authz_user"]


def guarded(serve, config, more=(), **details):
    server = serve(AUTH + config, modules=[*MODULES, *more], start=False,
                   **details)
    server.expect("AH0161[78]")  # one who says that he is somebody
    path = os.path.join(server.folder, "users")
    with open(path, "w") as file:
        file.writelines(f"{name}:{{SHA}}5en6G6MezRroT3XKqkdPOmY/BfQ=\n"
                        for name in NAMES)
    os.chmod(path, 0o644)
    return server.start()


def credentials(name, word="secret"):
    pair = base64.b64encode(f"{name}:{word}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def ask(server, name, path="/a.html", word="secret", **details):
    return server.status(path, headers=credentials(name, word), **details)


def seen(database, category="user"):
    return {(row["site"], row["node"]): row["visitors"]
            for row in database.tables["usage_seen"]
            if row["category"] == category}


def names(database):
    return sorted(row["id"] for row in database.tables["usage_user"])


@pytest.mark.parametrize("mode", ["random", "stored"])
@pytest.mark.each_database
def test_users_of_a_day_over_restarts(serve, mode):
    server = guarded(serve, f"UsageUsers {mode}\nUsageNode one\n")
    for name in NAMES + NAMES[:2]:
        assert ask(server, name) == 200
    server.restart()
    assert ask(server, "anna") == 200
    server.stop()
    server.start()
    assert ask(server, "anna") == 200
    server.kill()
    server.start()
    assert ask(server, "bert") == 200
    # Those who only say so, and those who are nobody.
    assert ask(server, "carl") == 401
    assert ask(server, "anna", word="wrong") == 401
    server.status("/b.html")
    database = server.count()
    assert seen(database) == {("site.test", "one"): len(NAMES)}
    assert names(database) == (sorted(NAMES) if mode == "stored" else [])


def test_no_user_is_kept_where_nobody_asks(serve):
    server = guarded(serve, "")
    ask(server, "anna")
    database = server.count()
    assert seen(database) == {} and names(database) == []


def test_whose_name_is_not_kept(serve):
    server = guarded(serve, "UsageUsers stored\nUsageOptOut gpc\n"
                            "UsageBotPattern seo wibble\n")
    headers = {"Authorization": "Basic YW5uYTpzZWNyZXQ=", "Sec-GPC": "1"}
    assert server.status("/a.html", headers=headers) == 200
    assert ask(server, "anna", agent="wibble 1.0") == 200
    database = server.count()
    assert seen(database) == {} and names(database) == []


def test_random_names_nobody_anywhere(serve):
    """Neither database, state nor log has a name."""
    server = guarded(serve, "UsageUsers random\n")
    assert ask(server, "anna") == 200
    server.stop()
    for folder, _, files in os.walk(server.folder):
        for name in files:
            path = os.path.join(folder, name)
            if name in ("users", "httpd.conf"):
                continue
            with open(path, "rb") as file:
                assert b"anna" not in file.read(), path


HOUR = 3600


@pytest.mark.each_database
def test_names_go_when_the_day_is_closed(serve):
    """And leave their number: exact, over servers that share no salt."""
    noon = 1783987200 + 12 * HOUR  # of a Tuesday, in UTC
    server = guarded(serve, "UsageUsers stored\nUsageFlushInterval 10s\n"
                            "LogLevel usage:debug\n",
                     hurried=True, now=noon)
    for name in NAMES:
        assert ask(server, name) == 200
    server.stop()
    server.store.run(
        "INSERT INTO usage_user VALUES (1783987200, 'site.test', 'user', "
        "'dora'), (1783900800, 'b.test', 'user', 'left');")
    server.start()

    def is_clean():
        return names(server.database()) == []
    for hours in (2, 34, 36, 38):
        server.clock.set(noon + hours * HOUR)
        server.status("/b.html")
        assert not is_clean() or hours > 2
        if hours > 2 and wait_until(is_clean, 5):
            break
    server.stop()
    database = server.database()
    assert seen(database) == {("site.test", ""): len(NAMES) + 1}
    assert names(database) == []
