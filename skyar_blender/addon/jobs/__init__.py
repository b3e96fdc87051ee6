# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs planned from strips, run, and shown when they are done."""
