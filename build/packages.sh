# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# The Debian packages that the project needs, by purpose, and the one function
# that sees to it that they are there. Sourced by build/run and build/test.

declare -A packages=(
    # libc6-dev: gcc only recommends it.
    [build]="gcc libc6-dev make autoconf automake libtool pkg-config
        autoconf-archive apache2-dev libapr1-dev libaprutil1-dev libxxhash-dev
        libmaxminddb-dev libjansson-dev"

    # apache2-bin is httpd without a service that starts by itself.
    [run]="apache2-bin libaprutil1-dbd-sqlite3 python3"

    # mariadb-server has what copies the data to a node of a Galera cluster; the
    # tests start servers of their own, and its service is of no use to them,
    # nor is that of prometheus, which has promtool.
    [test]="check clang shellcheck pyflakes3 python3-pytest
        python3-pytest-xdist python3-selenium chromium chromium-driver
        nghttp2-client curl sqlite3 valgrind strace
        libaprutil1-dbd-pgsql postgresql libpq-dev libsqlite3-dev
        libaprutil1-dbd-mysql mariadb-server mariadb-client-core
        galera-4 rsync php-fpm python3-prometheus-client prometheus"

    # Installs what judges pages: test/browser/package.json. Asked for only
    # where there is no npm, which others than Debian pack otherwise.
    [npm]="npm"
)

# need_packages PURPOSE...
# Install what is missing of the packages for these purposes. Who isn't root
# is told what is missing and how to install it, and the script ends.
need_packages()
{
    local purpose wanted=() missing output
    for purpose in "$@"; do
        read -ra wanted -d '' <<<"${wanted[*]} ${packages[$purpose]}" || true
    done
    if ! command -v dpkg-query >/dev/null; then
        echo "This works on Debian and its kin. Elsewhere, install what" >&2
        echo "these packages hold, then use configure and make:" >&2
        echo "  ${wanted[*]}" >&2
        exit 1
    fi
    missing=$(comm -23 <(printf '%s\n' "${wanted[@]}" | sort -u) \
        <(dpkg-query -Wf '${db:Status-Status} ${Package}\n' "${wanted[@]}" \
            2>/dev/null | sed -n 's/^installed //p' | sort -u))
    [ -n "$missing" ] || return 0
    missing=${missing//$'\n'/ }

    if [ "$(id -u)" -ne 0 ]; then
        echo "These packages are missing: $missing" >&2
        echo "Install them as root, then come back:" >&2
        echo "  apt-get update && apt-get install --no-install-recommends" \
            "$missing" >&2
        exit 1
    fi
    echo "Installing $missing"
    # shellcheck disable=SC2086  # a list of names
    if ! output=$(apt-get -q update 2>&1 &&
        DEBIAN_FRONTEND=noninteractive apt-get -qy install \
            --no-install-recommends $missing </dev/null 2>&1); then
        echo "$output" | tail -n 20 >&2
        echo "apt-get could not install: $missing" >&2
        exit 1
    fi
}
