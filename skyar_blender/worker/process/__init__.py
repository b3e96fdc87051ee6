# SPDX-License-Identifier: GPL-3.0-or-later
"""The worker as a process: events, progress, stopping, devices."""
