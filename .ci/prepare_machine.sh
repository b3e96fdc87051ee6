#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs what a bare Debian machine lacks for `make test`: make, Python 3.11 with venv, and the libraries of the
# window system that Blender's wheels are linked against (they load them even when no window is ever opened).
set -euo pipefail

wanted="git make libgl1 libgomp1 libsm6 libx11-6 libxfixes3 libxi6 libxkbcommon0 libxrender1 libxxf86vm1"
python3.11 -c 'import ensurepip' 2>/dev/null || wanted="$wanted python3.11 python3.11-venv"

missing=
for package in $wanted; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
done
if [ -z "$missing" ]; then
    echo "nothing to install"
    exit 0
fi

echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get -q -o Acquire::Retries=3 update
# shellcheck disable=SC2086  # a list of words
apt-get -q -y -o Acquire::Retries=3 install --no-install-recommends $missing
