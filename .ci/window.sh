#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A first shot in a real Blender with a window: Debian sid's Blender draws on a screen in memory, in software, and is
# driven as by an artist's hand (tests/window/drive.py). Pictures of the steps, and figures, stay in
# $SKYAR_CI_CACHE/window.
#
#   bash .ci/window.sh [CLIP]
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
cache=$(realpath -m "${SKYAR_CI_CACHE:-${TMPDIR:-/tmp}/skyar-ci}")
tree=$cache/sid
work=$cache/window
engine_python=$root/.venv/bin/python
clip=$(realpath "${1:-models/demo/demo.mp4}")

mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9 # one run at a time in one cache

bash .ci/blender_chroot.sh "$tree"
if [ ! -x "$tree/usr/bin/Xvfb" ]; then
    chroot "$tree" apt-get -q -y install xvfb libgl1-mesa-dri libegl-mesa0 libegl1 libgl1 >>"$tree.log" 2>&1
fi
[ -x "$engine_python" ] || make engine

# The virtual environment is only links into the Python it was made from.
engine=$("$engine_python" -c 'import sys; print(sys.base_prefix)')
packages=$("$engine_python" -c 'import os, sys; print(os.path.realpath(sys.prefix))')
sights=()
for path in "$root" "$packages" "$engine" "$(dirname "$clip")"; do sights+=(--read "$path"); done

rm -rf --one-file-system "$work"
mkdir -p "$work/build" "$work/screen"
inside() {
    bash .ci/chroot_run.sh "$tree" "${sights[@]}" --write "$work" -- \
        env BLENDER_USER_RESOURCES="$work/resources" SKYAR_ENGINE_PYTHON="$engine_python" LIBGL_ALWAYS_SOFTWARE=1 "$@"
}

inside blender --command extension build --source-dir "$root" --output-dir "$work/build"
inside blender --command extension install-file --repo user_default --enable "$work"/build/skyar-*.zip

status=0
# shellcheck disable=SC2016  # for the shell inside
inside timeout 600 sh -c '
    Xvfb :7 -screen 0 1600x900x24 +extension GLX -fbdir "$1/screen" >"$1/xvfb.log" 2>&1 &
    sleep 3
    DISPLAY=:7 exec blender --enable-event-simulate --window-geometry 0 0 1600 900 --python "$2" -- \
        "$3" "$1" "$1/screen/Xvfb_screen0"
' sh "$work" "$root/tests/window/drive.py" "$clip" || status=$?
"$engine_python" tests/window/pictures.py "$work"
cat "$work/figures.json" 2>/dev/null || true
exit "$status"
