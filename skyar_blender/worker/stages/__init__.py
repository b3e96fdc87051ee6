# SPDX-License-Identifier: GPL-3.0-or-later
"""The stages of a job, one file each: matte, track, sky, preview; each resumes where an earlier run ended."""
