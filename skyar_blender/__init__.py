# SPDX-License-Identifier: GPL-3.0-or-later
"""SkyAR: replace the sky of a shot.

The layers, lowest first; a layer imports only from those below it:

``contract``  what the layers say to one another: job, events, errors, output folder (standard library only)
``engine``    frames in, mattes, camera motion and skies out (NumPy, OpenCV, PyAV)
``worker``    a process that takes one job and answers with events; also the ``skyar`` command
``bridge``    starts, watches and stops a worker from Blender's side (standard library only)
``addon``     all that touches ``bpy``
"""

__version__ = "0.1.0"
