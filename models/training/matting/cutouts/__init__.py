# SPDX-License-Identifier: GPL-3.0-or-later
"""Landscapes drawn in flat layers: fast, endless, and with an exact matte."""
