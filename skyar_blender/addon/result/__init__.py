# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of Replace Sky in the .blend: images, a scene with the compositor tree, a Scene strip."""
