# SPDX-License-Identifier: Apache-2.0
"""Events of applications: in httpd (mod_lua), as CGI, in PHP-FPM, and behind
a proxy. Each says by its query what it counts."""

import glob
import os
import shutil
import subprocess

from contextlib import contextmanager

import pytest

from backend import address, backend
from engines import Missing
from processes import wait_until

SCRIPTS = {
    "app.lua": '''
function handle(r)
    r.content_type = "text/html"
    r.headers_out["Usage-Event"] = r:unescape(r.args)
    r:puts("a page")
    return apache2.OK
end

function note(r)
    r.content_type = "text/html"
    r.notes["usage-event"] = r:unescape(r.args)
    r:puts("a page")
    return apache2.OK
end
''',
    "app.cgi": '''#!/bin/sh
printf 'Content-Type: text/html\\r\\nUsage-Event: %s\\r\\n\\r\\na page' \\
    "$QUERY_STRING"
''',
    "app.php": '''<?php
header("Usage-Event: " . urldecode($_SERVER["QUERY_STRING"]));
header("Usage-Event: more", false);
echo "a page";
''',
}

SCRIPTED = '''
UsageEventHeader On
UsageEventEnv On
<Files "*.cgi">
    Options +ExecCGI
    SetHandler cgi-script
</Files>
LuaMapHandler "^/lua$" "{folder}/site/app.lua" handle
LuaMapHandler "^/note$" "{folder}/site/app.lua" note
'''

POOL = '''
[global]
error_log = {folder}/fpm.log
[www]
{user}
listen = {folder}/fpm.sock
listen.mode = 0666
pm = static
pm.max_children = 1
'''


def scripted(serve, place, modules=()):
    cgi = "cgi" if place.mpm == "prefork" else "cgid"
    server = serve(SCRIPTED, start=False, modules=["lua", cgi, *modules])
    for name, text in SCRIPTS.items():
        os.chmod(server.page(name, text), 0o755)
    return server


@contextmanager
def php(server):
    """PHP's process manager, as the user who serves."""
    programs = sorted(glob.glob("/usr/sbin/php-fpm*"))
    if not programs:
        raise Missing("php-fpm: see build/packages.sh")
    folder = os.path.join(server.folder, "php")
    server.make_folder("php")
    as_root = os.geteuid() == 0
    user = (f"user = {server.where.user}\ngroup = {server.where.user}"
            if as_root else "")
    config = os.path.join(folder, "fpm.conf")
    with open(config, "w") as file:
        file.write(POOL.format(folder=folder, user=user))
    process = subprocess.Popen(
        [programs[-1], "--nodaemonize", "--fpm-config", config],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        socket = os.path.join(folder, "fpm.sock")
        assert wait_until(lambda: os.path.exists(socket), 20)
        yield socket
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def ask(server, path):
    answer = server.get(path)
    assert answer.status == 200 and answer.body == b"a page", answer
    assert "Usage-Event" not in answer.headers


@pytest.mark.each_mpm
def test_script_of_mod_lua(serve, place):
    server = scripted(serve, place).start()
    ask(server, "/lua?signup;%20category=account;%20count=2")
    ask(server, "/note?login")
    assert server.count().events() == {("account", "signup"): 2,
                                       ("event", "login"): 1}


@pytest.mark.each_mpm
def test_script_of_cgi(serve, place):
    server = scripted(serve, place).start()
    ask(server, "/app.cgi?signup;category=account")
    ask(server, "/app.cgi?signup;category=account")
    assert server.count().events() == {("account", "signup"): 2}


def test_script_of_php(serve, place):
    server = scripted(serve, place, ["proxy", "proxy_fcgi"])
    with php(server) as socket:
        with open(server.config, "a") as file:
            file.write('<Files "*.php">\nSetHandler "proxy:unix:'
                       f'{socket}|fcgi://localhost"\n</Files>\n')
        server.start()
        ask(server, "/app.php?signup;category=account")
        assert server.count().events() == {("account", "signup"): 1,
                                           ("event", "more"): 1}


def test_application_behind_a_proxy(serve):
    with backend() as behind:
        server = serve('UsageEventHeader On\n'
                       f'ProxyPass /app http://{address(behind)}\n',
                       modules=["proxy", "proxy_http"])
        answer = server.get("/app/event/signup;category=account")
        assert answer.status == 200 and "Usage-Event" not in answer.headers
        assert server.count().events() == {("account", "signup"): 1}
