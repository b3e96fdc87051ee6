# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of place; each builds one scene from a seed and says where cameras may stand."""
