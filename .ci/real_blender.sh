#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Replace Sky in a real Blender: builds the extension with it, installs it as an artist would, replaces the sky of the
# demo clip, renders, and compares pixels. Blender is Debian sid's, in a tree of its own; it sees the checkout
# read-only and has no network and no display. What it made stays in $SKYAR_CI_CACHE/real-blender to look at.
#
#   bash .ci/real_blender.sh
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
cache=$(realpath -m "${SKYAR_CI_CACHE:-${TMPDIR:-/tmp}/skyar-ci}")
tree=$cache/sid
work=$cache/real-blender
engine_python=$root/.venv/bin/python
scripts=$root/tests/real_blender
clip=$root/models/demo/demo.mp4
every=6 # renders each sixth frame: the whole shot would only take longer

step() { printf '\n---- %s\n' "$*"; }

mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9 # one run at a time in one cache

step "Blender's tree"
bash .ci/blender_chroot.sh "$tree"

step "the engine"
make engine

# The virtual environment is only links into the Python it was made from: Blender's worker needs that one too. Where it
# is the system's own, /usr would hide the tree's, so just the interpreter and its library.
engine_paths=("$("$engine_python" -c 'import os, sys; print(os.path.realpath(sys.executable))')")
base=$("$engine_python" -c 'import sys; print(sys.base_prefix)')
if [ "$base" = /usr ]; then
    engine_paths+=("$("$engine_python" -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')")
else
    engine_paths=("$base")
fi

rm -rf --one-file-system "$work"
mkdir -p "$work/shot" "$work/build"

inside() { # inside COMMAND...: run it in Blender's tree
    local path sights=()
    for path in "$root" "${engine_paths[@]}"; do sights+=(--read "$path"); done
    bash .ci/chroot_run.sh "$tree" "${sights[@]}" --write "$work" -- \
        env BLENDER_USER_RESOURCES="$work/resources" SKYAR_ENGINE_PYTHON="$engine_python" "$@"
}

# Without --python-exit-code a script that fails in Blender counts as success. A frame jump logs each frame it jumps
# over; and Blender warns that nothing is mounted, as is meant.
in_blender() {
    inside blender --background --python-exit-code 1 "$@" 2>&1 |
        sed -u -e '/| Rendering frame /d' -e '/Could not get a list of mounted/d'
}

step "build and install the extension"
inside blender --version
inside blender --command extension build --source-dir "$root" --output-dir "$work/build"
zip=$(echo "$work"/build/skyar-*.zip)
"$engine_python" "$scripts/check_zip.py" "$zip"
inside blender --command extension install-file --repo user_default --enable "$zip"
inside blender --command extension list

step "a shot: the demo clip in the Video Sequencer, as it is"
in_blender --python "$scripts/make_shot.py" -- "$clip" "$work/shot/shot.blend"
in_blender "$work/shot/shot.blend" --render-output "$work/before/####" --frame-jump "$every" --render-anim

step "Replace Sky, headless, then render and save"
in_blender "$work/shot/shot.blend" \
    --python-expr "import bpy; bpy.ops.sequencer.skyar_replace_sky(sky='sunset')" \
    --render-output "$work/after/####" --frame-jump "$every" --render-anim \
    --python-expr "import bpy; bpy.ops.wm.save_as_mainfile(filepath='$work/shot/replaced.blend')"

step "open the saved result, set Mix to 0, render"
in_blender "$work/shot/replaced.blend" --python "$scripts/set_mix.py" \
    --render-output "$work/mix_zero/####" --frame-jump "$every" --render-anim -- 0

step "compare pixels"
"$engine_python" "$scripts/compare_renders.py" "$work"

step "the same from Blender's command line"
inside blender --command skyar replace "$clip" --sky sunset --output "$work/command"
"$engine_python" "$scripts/compare_outputs.py" "$work/shot" "$work/command"

step "passed; the renders are in $work"
