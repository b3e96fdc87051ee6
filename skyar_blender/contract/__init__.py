# SPDX-License-Identifier: GPL-3.0-or-later
"""What the layers say to one another: jobs, events, errors and the output folder.

Standard library only, so that it imports alike in Blender's Python and in the worker's.
"""
