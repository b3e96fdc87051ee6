# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties of operators and scenes, from the options of a job."""
