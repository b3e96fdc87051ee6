# SPDX-License-Identifier: GPL-3.0-or-later
"""What one look over the whole clip tells before the work: black bars, fades, graphics that stand still."""
