# SPDX-License-Identifier: GPL-3.0-or-later
"""What was lost within a shot is found again by its horizon."""
