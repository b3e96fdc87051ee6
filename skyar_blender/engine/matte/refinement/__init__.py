# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the refinement: local colours, where the image may decide, thin things, the full-size pass."""
