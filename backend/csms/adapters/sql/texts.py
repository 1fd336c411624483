"""Texts that PostgreSQL can store: no NUL, no lone surrogate."""

_NUL_PICTURE = "\u2400"


def storable(text: str | None) -> str | None:
    """Return `text` with what PostgreSQL refuses replaced: NUL by its picture, surrogates by U+FFFD."""
    if text is None:
        return None
    if "\0" in text:
        text = text.replace("\0", _NUL_PICTURE)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
