# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading and writing of movies, image sequences and single images."""
