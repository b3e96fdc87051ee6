#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds a Debian tree with Debian's own Blender in it and prints nothing but progress. SUITE is sid (Blender 5.2) or
# trixie (Blender 4.3).
#
#   bash .ci/blender_chroot.sh TREE [SUITE]
#
# A tree that an earlier run completed is kept as it is; a half-built one is removed and built anew. Nothing is ever
# mounted in TREE outside a private mount namespace, so removing it cannot reach anything of the host's.
set -euo pipefail

tree=$(realpath -m "${1:?usage: blender_chroot.sh TREE [SUITE]}")
suite=${2:-sid}

# python3-cattr: without it Blender's extension system stops on `import cattrs`, which the package does not ask for.
packages="blender python3-cattr python3-numpy python3-requests python3-zstandard"
wanted="$suite: $packages"

say() { printf '    %s\n' "$*"; }
die() {
    printf 'blender_chroot: %s\n' "$*" >&2
    exit 1
}

[ "$(id -u)" = 0 ] || die "must run as root: debootstrap and chroot need it"

if [ "$(cat "$tree/.skyar-complete" 2>/dev/null)" = "$wanted" ]; then
    say "kept from an earlier run: $tree"
    exit 0
fi

# The machine's own mirror, as apt itself reads its sources, whatever format they are written in.
own_mirror() {
    # shellcheck disable=SC2016  # apt-get's own variable
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' |
        grep -m 1 -E '^https?://' || true
}

export DEBIAN_FRONTEND=noninteractive
mirror=$(own_mirror)
if [ -z "$mirror" ] || ! command -v debootstrap >/dev/null; then
    say "apt-get update, install debootstrap"
    apt-get -q -o Acquire::Retries=3 update
    command -v debootstrap >/dev/null ||
        apt-get -q -y -o Acquire::Retries=3 install --no-install-recommends debootstrap gpgv debian-archive-keyring
    mirror=$(own_mirror)
fi
[ -n "$mirror" ] || die "apt knows no http mirror of Debian's main archive; see /etc/apt/sources.list*"

rm -rf --one-file-system "$tree"
mkdir -p "$tree"

say "debootstrap $suite"
debootstrap --variant=minbase "$suite" "$tree" "$mirror" >"$tree.log" 2>&1 ||
    { tail -n 40 "$tree.log" >&2; die "debootstrap failed; its whole output: $tree.log"; }

# The machine's way to the network, no services, nothing installed that is merely recommended, and no fsync for each
# file (the tree is thrown away if the machine stops half-way).
cp -L /etc/resolv.conf "$tree/etc/resolv.conf"
cp /etc/apt/apt.conf.d/* "$tree/etc/apt/apt.conf.d/"
printf 'APT::Install-Recommends "false";\nAcquire::Retries "3";\n' >"$tree/etc/apt/apt.conf.d/zz-skyar-ci"
printf 'force-unsafe-io\n' >"$tree/etc/dpkg/dpkg.cfg.d/zz-skyar-ci"
printf '#!/bin/sh\nexit 101\n' >"$tree/usr/sbin/policy-rc.d"
chmod +x "$tree/usr/sbin/policy-rc.d"

say "apt-get install $packages"
# shellcheck disable=SC2086  # a list of words
{ chroot "$tree" apt-get -q update && chroot "$tree" apt-get -q -y install $packages; } >>"$tree.log" 2>&1 ||
    { tail -n 40 "$tree.log" >&2; die "installing Blender failed; its whole output: $tree.log"; }
chroot "$tree" apt-get clean

printf '%s\n' "$wanted" >"$tree/.skyar-complete"
say "built: $tree ($(du -sm --one-file-system "$tree" | cut -f1) MB)"
