# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps, one file each: ``do`` yields the seconds until it goes on."""
