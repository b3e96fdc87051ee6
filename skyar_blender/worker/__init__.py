# SPDX-License-Identifier: GPL-3.0-or-later
"""A process that takes one job and answers with events; and the ``skyar`` command around it."""
