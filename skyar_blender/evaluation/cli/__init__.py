# SPDX-License-Identifier: GPL-3.0-or-later
"""The subcommands of ``skyar`` that measure."""
