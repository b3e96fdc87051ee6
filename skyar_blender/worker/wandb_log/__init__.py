# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs finished results to Weights & Biases, in a process of its own, so that no render can fail by it.

``launch``     starts that process, waits for it and tells what it said
``__main__``   the process
``finished``   a finished result, read from its folder
``run``        a result as a run: settings, figures, media, artifacts
``trial_run``  several skies on one clip as a run: a table
``client``     the client, told where to write
"""
