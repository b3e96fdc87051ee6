# SPDX-License-Identifier: GPL-3.0-or-later
"""Teaching where a shot's light comes from."""
