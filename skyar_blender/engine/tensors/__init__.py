# SPDX-License-Identifier: GPL-3.0-or-later
"""Images as tensors of torch, on the device that computes: what the stages' implementations in torch share."""
