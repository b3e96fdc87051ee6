# SPDX-License-Identifier: GPL-3.0-or-later
"""From skies, cut-outs, renders and photographs to the weights of the matting network."""
