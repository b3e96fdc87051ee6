#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs one command inside a tree, without leaving anything behind, and without a network unless that is asked for.
#
#   bash .ci/chroot_run.sh TREE [--network] [--read PATH]... [--write PATH]... -- COMMAND [ARGUMENT]...
#
# The tree itself is read-only. Each PATH of the host shows inside at the same place, read-only or writable. Mounts,
# processes and network belong to namespaces of this one command: however it ends, the kernel unmounts and kills what
# it left, so the host never has to be cleaned up.
set -euo pipefail

if [ "${1:-}" != --inside ]; then
    net=(--net)
    [ "${2:-}" != --network ] || net=()
    exec unshare --mount --pid "${net[@]}" --fork --kill-child -- bash "$0" --inside "$@"
fi
shift

tree=${1:?usage: chroot_run.sh TREE [--network] [--read PATH]... [--write PATH]... -- COMMAND}
shift
[ "${1:-}" != --network ] || shift

show() { # show ro|rw PATH: the host's PATH at the same place in the tree
    if [ -d "$2" ]; then
        mkdir -p "$tree$2"
    else
        mkdir -p "$(dirname "$tree$2")"
        [ -e "$tree$2" ] || : >"$tree$2"
    fi
    mount --bind "$2" "$tree$2"
    mount -o "remount,bind,$1" "$tree$2"
}

mount --make-rprivate /
mount --bind "$tree" "$tree"
mount -t proc proc "$tree/proc"
mount --rbind /dev "$tree/dev"
mount -t tmpfs -o mode=1777 tmpfs "$tree/tmp"

while [ "${1:-}" != -- ]; do
    case "${1:-}" in
        --read) show ro "$2" ;;
        --write) show rw "$2" ;;
        *)
            echo "chroot_run: expected --read, --write or --, found '${1:-}'" >&2
            exit 2
            ;;
    esac
    shift 2
done
shift

mount -o remount,bind,ro "$tree"
# Not `exec`: the command would become process 1, whose death and whose children follow rules of their own.
status=0
env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin LANG=C.UTF-8 HOME=/tmp TMPDIR=/tmp \
    chroot "$tree" "$@" || status=$?
exit "$status"
