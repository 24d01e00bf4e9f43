"""Text that came from outside, as it may be printed in a message or on a terminal."""

from __future__ import annotations

__all__ = ["printable"]


def printable(text: str) -> str:
    """Text in which every character that cannot be seen is shown as its bytes, ``\\x..``.

    Control characters, bytes of a file name that are not UTF-8 (`os.fsdecode` makes surrogate
    escapes of them) and lone surrogates among them, so that no text moves a cursor or fails to
    be encoded.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(char: str) -> str:
    is_byte = "\udc80" <= char <= "\udcff"
    raw = char.encode("utf-8", "surrogateescape" if is_byte else "surrogatepass")
    return "".join(f"\\x{byte:02x}" for byte in raw)
