# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# The life of the server that build/run shows: where it keeps its things, how
# it is started, recognised and stopped. Sourced by build/run, at the top of
# the source.

httpd=/usr/sbin/apache2
server_user=www-data
state=$PWD/_run # the folder, or a link to it

as_root()
{
    [ "$(id -u)" -eq 0 ]
}

# Whether the server's user can reach a folder.
reachable()
{
    ! as_root || setpriv --reuid="$server_user" --regid="$server_user" \
        --clear-groups test -x "$1"
}

# Make the folder _run with the site and an owner for the database. Where the
# server's user may not go, as below /root, _run is a link to a folder in
# /var/tmp.
make_state()
{
    if [ -L "$state" ] && ! [ -e "$state" ]; then
        rm "$state"
    fi
    if ! [ -e "$state" ]; then
        mkdir "$state"
        if ! reachable "$state"; then
            rmdir "$state"
            ln -s "$(mktemp -d /var/tmp/mod_usage.XXXXXX)" "$state"
            chmod 755 "$state/"
        fi
    fi
    [ -w "$state" ] || fail "$state can't be written by $(id -un). If root" \
        "made it, remove it as root: rm -rf $state/ $state"
    reachable "$(realpath "$state")" || fail "$state can't be reached by" \
        "$server_user, the server's user. Remove it, and the counts in it:" \
        "rm -rf $state/ $state"

    mkdir -p "$state"/{data,logs,run}
    rm -rf "$state/site" "$state/replay"
    cp -R build/demo/site build/demo/replay "$state/"
    if as_root; then
        chown -hR "$server_user:$server_user" "$state/data"
    fi
}

# write_conf PORT MPM CONF REPLAY
# CONF is a file with more directives, or empty; REPLAY is empty or not.
write_conf()
{
    local real
    real=$(realpath "$state")
    {
        echo "# Made by build/run, anew at each start."
        echo "Define STATE \"$real\""
        echo "Define DEMO \"$PWD/build/demo\""
        echo "Define MODULES \"$(apxs -q LIBEXECDIR)\""
        echo "Define MODULE \"$PWD/_build/mod_usage/.libs/mod_usage.so\""
        echo "Define PORT $1"
        echo "Define MPM $2"
        ! as_root || echo "Define SERVER_USER $server_user"
        [ -z "$4" ] || echo "Define REPLAY \"$real/replay\""
        echo "Include \"$PWD/build/demo/httpd.conf\""
        [ -z "$3" ] || echo "Include \"$3\""
    } >"$state/httpd.conf"
}

# Whether a process is one of this server's: children have its command line.
is_ours()
{
    local words
    mapfile -d '' words 2>/dev/null <"/proc/$1/cmdline" || return 1
    [ "${words[0]:-}" = "$httpd" ] && [ "${words[2]:-}" = "$state/httpd.conf" ]
}

# The processes of this server, its parent first if it has one.
server_processes()
{
    local parent="" dir
    [ ! -s "$state/run/httpd.pid" ] || read -r parent <"$state/run/httpd.pid"
    if [ -n "$parent" ] && is_ours "$parent"; then
        echo "$parent"
    else
        parent=""
    fi
    for dir in /proc/[0-9]*; do
        if [ "${dir#/proc/}" != "$parent" ] && is_ours "${dir#/proc/}"; then
            echo "${dir#/proc/}"
        fi
    done
}

# Something listens on 127.0.0.1 at this port.
port_taken()
{
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Whether the server answers, asked where it doesn't count.
answers()
{
    local line
    line=$( (exec 3<>"/dev/tcp/127.0.0.1/$1" &&
        printf 'HEAD /.ready HTTP/1.0\r\n\r\n' >&3 && read -rt 5 line <&3 &&
        echo "$line") 2>/dev/null)
    [[ $line == HTTP/* ]]
}

start_server()
{
    local port=$1 log=$state/logs/error.log size=0 said i
    [ ! -f "$log" ] || size=$(stat -c %s "$log")
    rm -f "$state/run/httpd.pid"
    if "$httpd" -f "$state/httpd.conf" -k start >"$state/logs/start.log" 2>&1
    then
        for ((i = 0; i < 100; i++)); do
            ! answers "$port" || return 0
            sleep 0.1
            [ $((i % 10)) -ne 9 ] || [ -n "$(server_processes)" ] || break
        done
    fi
    said=$(
        tail -n 20 "$state/logs/start.log"
        [ ! -f "$log" ] || tail -c "+$((size + 1))" "$log" | tail -n 20
    )
    stop_server
    fail "the server doesn't answer. It said:" \
        $'\n'"${said:-nothing. Is shared memory full? See: df /dev/shm}"
}

# Stop it and wait until the last process is gone: the last flush is written
# then. Children whose parent was killed (-9) hear no other signal.
stop_server()
{
    local pids signal=KILL i
    mapfile -t pids < <(server_processes)
    [ ${#pids[@]} -gt 0 ] || return 0
    if [ "$(cat "$state/run/httpd.pid" 2>/dev/null)" = "${pids[0]}" ]; then
        pids=("${pids[0]}")
        signal=TERM
    fi
    kill "-$signal" "${pids[@]}" 2>/dev/null || [ -z "$(server_processes)" ] ||
        fail "the server belongs to $(stat -c %U "/proc/${pids[0]}");" \
            "only that user and root can stop it: build/run --stop"
    for ((i = 0; i < 450; i++)); do
        [ -n "$(server_processes)" ] || return 0
        sleep 0.1
    done
    fail "the server doesn't end; its processes:" \
        "$(server_processes | tr '\n' ' ')"
}
