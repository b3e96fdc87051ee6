# SPDX-License-Identifier: GPL-3.0-or-later
"""Measuring a matting method on labelled images and on clips."""
