# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a shot's light comes from."""
