# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole run: the pipeline, with what stands around it."""
