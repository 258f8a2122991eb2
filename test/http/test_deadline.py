# SPDX-License-Identifier: Apache-2.0
"""How long the page waits for a database: for a lock that is soon let go, and
never past a deadline."""

import re
import sqlite3
import threading
import time

import pytest

import engines

# A lock that the page's questions wait for, and all who look at the table.
LOCKS = {
    "pgsql": "BEGIN; LOCK TABLE usage_total IN ACCESS EXCLUSIVE MODE; "
             "SELECT 'ready';\n",
    "mysql": "LOCK TABLES usage_total WRITE; SELECT 'ready';\n",
}

# What the pooled connection was told last, as its server knows it.
TOLD = {
    "pgsql": ("SELECT 1", "SELECT query FROM pg_stat_activity "
              "WHERE usename = 'counter' AND state = 'idle'"),
    "mysql": ("SET GLOBAL log_output = 'TABLE', GLOBAL general_log = ON",
              "SELECT argument FROM mysql.general_log WHERE user_host "
              "LIKE 'counter%' AND command_type = 'Query' "
              "ORDER BY event_time DESC LIMIT 1"),
}

# Ends the pooled connections, which nobody notices before they are used.
ENDS = {
    "pgsql": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
             "WHERE usename = 'counter'",
    "mysql": "KILL USER counter@'127.0.0.1'",
}

FRESH = 3.2  # seconds after which a child asks anew


@pytest.mark.each_database("pgsql", "mysql")
def test_a_question_has_a_deadline(serve, engine):
    """Past it, live numbers show, and why; then the page is as before."""
    server = serve("DBDMin 1\nDBDKeep 1\nDBDMax 1\n")
    assert server.status("/a.html") == 200
    assert server.count().views() == 1
    server.start()
    prepare, told = TOLD[engine.name]
    server.store.run(prepare)
    server.expect("USG0110")
    with server.store.session() as session:
        assert session.ask(LOCKS[engine.name]) == "ready"
        for query in ("", "?period=7d"):
            page = server.get("/usage-stats" + query).body.decode()
            assert "Live numbers only" in page
            assert "deadline" in page
        assert session.ask("ROLLBACK; SELECT 'done';\n") == "done"
    log = server.log()
    assert log.count("USG0110") == 1  # in ten minutes
    assert "USG0110: a question of the dashboard took too long: series" in log
    assert "UsageRetain" in log
    time.sleep(FRESH)
    page = server.get("/usage-stats").body.decode()
    assert "Live numbers only" not in page
    assert "/a.html" in page
    assert "RESET" in server.store.run(told) \
        or "DEFAULT" in server.store.run(told)


@pytest.mark.each_database("pgsql", "mysql")
def test_a_connection_made_anew_has_it_too(serve, engine):
    server = serve("DBDMin 1\nDBDKeep 1\nDBDMax 1\n")
    assert server.status("/a.html") == 200
    assert server.count().views() == 1
    server.start()
    assert "Live numbers only" not in server.get("/usage-stats").body.decode()
    server.expect("USG0110")
    time.sleep(FRESH)
    with server.store.session() as session:
        server.store.run(ENDS[engine.name])
        assert session.ask(LOCKS[engine.name]) == "ready"
        page = server.get("/usage-stats").body.decode()
        assert "Live numbers only" in page and "deadline" in page
        assert session.ask("ROLLBACK; SELECT 'done';\n") == "done"


def test_a_file_that_is_locked_for_a_moment(serve):
    """As a flusher locks it that closes it, or makes its tables: the page
    waits, and has all numbers."""
    server = serve("DBDMin 0\n")
    assert server.status("/a.html") == 200
    assert server.count().views() == 1
    server.start()
    link = sqlite3.connect(server.database_file, isolation_level=None,
                           check_same_thread=False)
    link.execute("PRAGMA locking_mode = EXCLUSIVE")
    link.execute("BEGIN EXCLUSIVE")
    letting_go = threading.Timer(0.3, link.close)
    letting_go.start()
    page = server.get("/usage-stats").body.decode()
    letting_go.join()
    assert "USG0020" not in server.log()
    assert "/a.html" in page


# usage_node, which a page asks for before all else, after it, and for the list
# of servers.
SLOW_NODES = """
ALTER TABLE usage_node RENAME TO nodes;
CREATE VIEW usage_node AS SELECT nodes.* FROM nodes, pg_sleep(5.2);
"""


@pytest.mark.each_database("pgsql")
def test_all_questions_have_a_deadline(serve, engine):
    """What they had told is shown; what is asked after it is left out."""
    server = serve("DBDMin 1\nDBDKeep 1\nDBDMax 1\nUsageFlushInterval 1h\n")
    assert server.status("/a.html") == 200
    assert server.count().views() == 1
    server.store.run(SLOW_NODES)
    server.store.run(f"GRANT SELECT ON usage_node TO {engines.USER}")
    server.start()
    server.expect("USG0110", "USG0012", "USG0008")
    page = server.get("/usage-stats").body.decode()
    assert "Live numbers only" not in page
    assert "/a.html" in page
    assert re.search("USG0110: .*: recent: not asked.*UsageRetain",
                     server.log())
    server.store.run("DROP VIEW usage_node; "
                     "ALTER TABLE nodes RENAME TO usage_node")
