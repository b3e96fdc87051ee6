#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs tests/blender in the Python of one Blender wheel.
#
#   bash .ci/blender_wheel.sh VERSION      VERSION: 4.2, 4.5, 5.0 or 5.2
#
# Exit status 77 when the Python that this wheel needs is not on the machine.
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1:?usage: blender_wheel.sh VERSION}
case $version in
    4.* | 5.0) minor=3.11 ;;
    *) minor=3.13 ;; # Blender 5.1 and later
esac

find_python() { # a Python that really starts: a version manager's shim may be on PATH and lead nowhere
    local candidate
    for candidate in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1".*/"bin/python$1"; do
        if "$candidate" -c 'import ensurepip' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

python=$(find_python "$minor") || {
    printf '\n!!! SKIPPED: Blender %s needs Python %s, and this machine has none: nothing was tested on %s !!!\n\n' \
        "$version" "$minor" "$version"
    exit 77
}

make engine
make "blender-$version" BLENDER_PYTHON="$python"
blender_python=$PWD/.blender/$version/bin/python
"$blender_python" -c 'import bpy, sys; print("Blender", bpy.app.version_string, "in Python", sys.version.split()[0])'

SKYAR_ENGINE_PYTHON=$PWD/.venv/bin/python "$blender_python" -m pytest tests/blender

# A wheel takes a gigabyte: give it back when that matters.
free_mb=$(df --output=avail -m . | tail -n 1)
if [ "${CI:-}" = true ] && [ "$free_mb" -lt 5000 ]; then
    echo "only $free_mb MB of disk left: removing .blender/$version"
    rm -rf ".blender/$version"
fi
