# SPDX-License-Identifier: GPL-3.0-or-later
"""Refinement and temporal smoothing in torch, for a GPU: the same steps as on the processor, within a tolerance."""
