# SPDX-License-Identifier: GPL-3.0-or-later
"""A network too large to ship, which labels what the shipped one learns from."""
