# SPDX-License-Identifier: GPL-3.0-or-later
"""The trackers that a job can ask for, and the track of a whole clip."""
