# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts, watches and stops a worker, and looks after its environment. Standard library only."""
