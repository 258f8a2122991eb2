# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the module beside its source. Sourced by build/run and build/test,
# both at the top of the source.

# compile DIR [CONFIGURE-ARGUMENT...]
# Build in DIR. What is there already is not made again: configure runs only
# in a new folder, or in one that was copied here from another place. What
# the tools say goes to DIR/build.log and is shown if they fail.
compile()
{
    local dir=$1
    shift
    if [ -d "$dir" ] && ! grep -qsxF "abs_top_builddir = $PWD/$dir" \
        "$dir/Makefile"; then
        rm -rf "${dir:?}"
    fi
    if ! mkdir -p "$dir" || ! [ -w "$dir" ]; then
        echo "$PWD/$dir can't be written by $(id -un). If root made it," >&2
        echo "remove it as root: rm -rf $PWD/$dir" >&2
        return 1
    fi
    if ! make_all "$dir" "$@" >"$dir/build.log" 2>&1; then
        tail -n 40 "$dir/build.log" >&2
        echo "The build in $dir failed; all it said is in $dir/build.log" >&2
        return 1
    fi
}

make_all()
{
    local dir=$1
    shift
    [ -x configure ] || autoreconf --install || return
    if ! [ -f "$dir/Makefile" ]; then
        (cd "$dir" && ../configure "$@") || return
    fi
    make -C "$dir" -j "$(nproc)"
}
