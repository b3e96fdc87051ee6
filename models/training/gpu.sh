#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Teacher and student on one data-centre GPU in ten minutes, from what models.training.matting.pack has packed.
#
#   bash models/training/gpu.sh PACK OUTPUT ENCODER [BACKBONE]
#
# PACK      the folder of models.training.matting.pack
# OUTPUT    where run/, teacher/ and the weights go; what is there is gone on with
# ENCODER   efficientnet-lite2-9656183e.pth (make pretrained)
# BACKBONE  vit_s_focus.onnx (make pretrained); without it no teacher is trained
#
# Samples are drawn by the processor's cores (13 ms each on one), the network runs in half precision.
set -euo pipefail
cd "$(dirname "$0")/../.."

pack=$1 output=$2 encoder=$3 backbone=${4:-}
python=${PYTHON:-python3}
cores=$(nproc)
mkdir -p "$output"

"$python" -m models.training.matting.make_cut_outs --output "$output/cut_outs" --count 6000 \
    --photos "$pack/photos.jsonl" --processes "$cores"

clouds=()
[ -d "$pack/cloud_labels" ] && clouds=(--clouds "$pack/cloud_labels")

"$python" -m models.training.matting.train --output "$output/run" --cut-outs "$output/cut_outs" --data "$pack" \
    --encoder "$encoder" "${clouds[@]}" --recipe gpu --device cuda --workers "$cores"
"$python" -m models.training.matting.export --run "$output/run" --output "$output" --version gpu

if [ -n "$backbone" ]; then
    "$python" -m models.training.matting.teacher.train_teacher --backbone "$backbone" --output "$output/teacher" \
        --cut-outs "$output/cut_outs" --data "$pack" --count 2000 --steps 2000 --device cuda
fi
