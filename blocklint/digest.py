"""Digests of contents, for cache keys, checksums and fingerprints: not for security."""

from __future__ import annotations

try:
    # What hashlib.blake2b is. hashlib itself loads OpenSSL: a thirtieth of a run on an unchanged project.
    from _blake2 import blake2b
except ImportError:  # another implementation of Python
    from hashlib import blake2b


def digest(content: bytes, size: int, key: bytes = b"", purpose: bytes = b"") -> bytes:
    """``size`` bytes (at most 64) of BLAKE2b; ``key`` (at most 64) and ``purpose`` (16) set digests apart."""
    return blake2b(content, digest_size=size, key=key, person=purpose).digest()
