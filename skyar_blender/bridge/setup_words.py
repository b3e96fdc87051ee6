# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a step of Set Up Engine failed, told from what pip and uv said, and what a person can do about it."""

from __future__ import annotations

from dataclasses import dataclass

from ..contract.errors import ErrorCode

_AGAIN = "then press Set Up Engine again."


@dataclass(frozen=True)
class _Reason:
    """``signs``: parts of what was said, any of which tells it, in small letters."""

    signs: tuple[str, ...]
    todo: str
    code: ErrorCode = ErrorCode.ENGINE_INCOMPLETE


#: The first that fits is right: a proxy that refuses looks like a network that is not there, and that like an index
#: without the package.
_REASONS = (
    _Reason(("configuration file ",), f"Mend the configuration file of pip that is named above, {_AGAIN}"),
    _Reason(
        ("no space left on device", "winerror 112", "os error 28", "disk quota exceeded"),
        f"Make room on the disk, {_AGAIN}",
        ErrorCode.OUTPUT_FULL,
    ),
    _Reason(
        (" device: its driver ",),
        f"Install the driver, or choose another device, {_AGAIN}",
        ErrorCode.DEVICE_UNAVAILABLE,
    ),
    _Reason(
        ("python-build-standalone",),
        f"A Python for the engine could not be fetched. Install Python 3.11 to 3.14 from python.org, {_AGAIN}",
        ErrorCode.ENGINE_MISSING,
    ),
    _Reason(
        ("proxyerror", "tunnel connection failed", "cannot connect to proxy", "407 proxy", "proxy authentication"),
        "The proxy of your network refuses. Set the variable HTTPS_PROXY to its right address, with name and "
        f"password where it wants them (http://NAME:PASSWORD@HOST:PORT), start Blender again, {_AGAIN}",
    ),
    _Reason(
        ("certificate_verify_failed", "invalid peer certificate", "certificate verify failed"),
        "Something between this computer and the package index, such as a firewall or an antivirus, shows a "
        "certificate of its own. Ask who looks after it for the file, name that in the variable PIP_CERT, start "
        f"Blender again, {_AGAIN}",
    ),
    _Reason(
        ("winerror 5]", "winerror 32]", "winerror 225]", "access is denied", "permission denied"),
        "Another program held or took away a file of the engine: mostly an antivirus. Let it leave out the folder "
        f"that is named above, {_AGAIN}",
    ),
    _Reason(
        ("do not match the hashes", "hash mismatch"),
        "What came is not what SkyAR was tested with: it was damaged on its way, or the package index serves another "
        f"build. If it happens again, turn off the index of your own (pip config list, PIP_INDEX_URL), {_AGAIN}",
    ),
    _Reason(
        (
            *("failed to establish a new connection", "name or service not known", "getaddrinfo failed"),
            *("name resolution", "dns error", "network is unreachable", "connection refused", "timed out"),
            *("connection reset", "connection broken", "error sending request", "nodename nor servname"),
        ),
        f"Check the connection to the network, {_AGAIN}",
    ),
    _Reason(
        (
            *("no matching distribution found", "could not find a version", "was not found in the package registry"),
            *("404 client error", "401 client error", "403 client error", "404 not found", "no usable wheels"),
        ),
        "The package index that pip is set to does not have it, or does not let you in. See “pip config list” and "
        f"the variable PIP_INDEX_URL; without them it is PyPI. Correct them, {_AGAIN}",
    ),
)


def advice(said: str) -> tuple[ErrorCode, str]:
    """The code of the error and what to do, by what a step ``said`` last."""
    small = said.lower()
    for reason in _REASONS:
        if any(sign in small for sign in reason.signs):
            return reason.code, reason.todo
    return ErrorCode.ENGINE_INCOMPLETE, f"Check the connection to the network, {_AGAIN}"
