#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A first shot in a real Blender with a window: Debian's Blender draws on a screen in memory, in software, and is
# driven as by an artist's hand (tests/window/drive.py), from the zip and Set Up Engine to the last strip removed. That
# step, and it alone, reaches the package index, by what the environment says of it. Pictures of the steps, and
# figures, stay in $SKYAR_CI_CACHE/window-VERSION. VERSION is 5.2 (Debian sid) or 4.3 (trixie).
#
#   bash .ci/window.sh [VERSION] [CLIP]
#
#   SKYAR_WINDOW_PARTS  only these steps, such as first,run,play; later ones need the result that "run" makes. Without
#                       set_up the engine is that of the repository
#   SKYAR_WINDOW_LIMIT  seconds that all steps may take, 2400 without it
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
cache=$(realpath -m "${SKYAR_CI_CACHE:-${TMPDIR:-/tmp}/skyar-ci}")
version=${1:-5.2}
case $version in
    5.2) suite=sid ;;
    4.3) suite=trixie ;;
    *)
        echo "window.sh: no Debian has Blender $version; there are 5.2 and 4.3" >&2
        exit 2
        ;;
esac
tree=$cache/$suite
work=$cache/window-$version
engine_python=$root/.venv/bin/python
clip=$(realpath "${2:-models/demo/demo.mp4}")

mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9 # one run at a time in one cache

bash .ci/blender_chroot.sh "$tree" "$suite"
if [ ! -x "$tree/usr/bin/Xvfb" ] || ! ls "$tree"/usr/lib/python3*/ensurepip/__init__.py >/dev/null 2>&1; then
    # python3-venv is what Debian's people need to set up the engine, as the add-on tells them.
    chroot "$tree" apt-get -q -y install xvfb libgl1-mesa-dri libegl-mesa0 libegl1 libgl1 python3-venv ca-certificates >>"$tree.log" 2>&1
fi
[ -x "$engine_python" ] || make engine

# The virtual environment is only links into the Python it was made from.
engine=$("$engine_python" -c 'import sys; print(sys.base_prefix)')
packages=$("$engine_python" -c 'import os, sys; print(os.path.realpath(sys.prefix))')
sights=()
for path in "$root" "$packages" "$engine" "$(dirname "$clip")"; do sights+=(--read "$path"); done

# What an artist has is the engine that Set Up Engine makes.
parts=${SKYAR_WINDOW_PARTS:-}
given=(SKYAR_ENGINE_PYTHON="$engine_python")
case ",$parts," in
    ,, | *,set_up,*)
        given=()
        sights=(--network "${sights[@]}")
        for name in $(compgen -e); do
            case $name in
                PIP_CERT | SSL_CERT_FILE | PIP_INDEX_URL | PIP_DEFAULT_TIMEOUT | UV_DEFAULT_INDEX | *_proxy | *_PROXY) given+=("$name=${!name}") ;;
            esac
            case $name in
                PIP_CERT | SSL_CERT_FILE) sights+=(--read "${!name}") ;;
            esac
        done
        ;;
esac

rm -rf --one-file-system "$work"
mkdir -p "$work/build" "$work/screen" "$work/temporary"
resources="$work/Blender, ünser Ordner 空" # people have such paths
inside() {
    bash .ci/chroot_run.sh "$tree" "${sights[@]}" --write "$work" -- \
        env TMPDIR="$work/temporary" BLENDER_USER_RESOURCES="$resources" LIBGL_ALWAYS_SOFTWARE=1 "${given[@]}" "$@"
}

inside blender --command extension build --source-dir "$root" --output-dir "$work/build"
"$engine_python" tests/window/counter_clip.py "$work/counter.mp4" 60

status=0
# shellcheck disable=SC2016  # for the shell inside
inside timeout "${SKYAR_WINDOW_LIMIT:-2400}" sh -c '
    Xvfb :7 -screen 0 1600x900x24 +extension GLX -fbdir "$1/screen" >"$1/xvfb.log" 2>&1 &
    sleep 3
    DISPLAY=:7 exec blender --enable-event-simulate --window-geometry 0 0 1600 900 --python "$2" -- \
        "$3" "$1" "$1/screen/Xvfb_screen0" "$1"/build/skyar-*.zip "$1/counter.mp4" "$4"
' sh "$work" "$root/tests/window/drive.py" "$clip" "$parts" || status=$?
"$engine_python" tests/window/pictures.py "$work"
cat "$work/figures.json" 2>/dev/null || true
exit "$status"
