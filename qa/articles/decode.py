"""Bytes to text.

Knows encodings. Does not know formats. Line ends, accents and everything else stay as they
are; only a byte order mark is dropped.
"""

from __future__ import annotations

import codecs
import re

from qa.errors import ArticleError

# Longer marks first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# How other files begin, some of which could pass for text.
_DISGUISED = {
    b"%PDF-": "a PDF",
    b"{\\rtf": "RTF",
    b"PK\x03\x04": "a ZIP archive or an Office file",
    b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
}
# What news files come in. Left to all it knows, the detector calls short texts Icelandic
# Macintosh or Urdu DOS.
_PLAUSIBLE = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "koi8_r", "iso8859_2", "cp932", "euc_jp", "gb18030", "big5", "cp949",
]  # fmt: skip
_LATIN = ("cp1250", "cp1252")  # Central and Western European
# What Central European text looks like when it is taken for Western: "by³a", "šéf", "idõ".
_CENTRAL = re.compile(r"[^\W\d_](?:[³¹¼¾¿][^\W\d_]|(?<!m)³)|£[a-z]{2}|[šžŠŽ\ufffd]|[õÕ](?![eE])")
_SAMPLE = 64 * 1024  # bytes given to the detector, from the first that is not ASCII
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROL = 0.002  # share of control characters; text has none but a stray one


def text_of(data: bytes, path: str) -> str:
    """Decode a file that should be text.

    Raises:
        ArticleError: It is empty, or it is not text.
    """
    if not data.strip():
        raise ArticleError(f"{path}: it is empty.", cure="Remove it, or save its text again.")
    for beginning, kind in _DISGUISED.items():
        if data.startswith(beginning):
            raise ArticleError(
                f"{path}: it is not text but {kind}.", cure="Rename it, or save it as UTF-8 text."
            )
    text = _decoded(data, path)
    if "\x00" in text or len(_CONTROL.findall(text)) > _MOST_CONTROL * len(text):
        raise _not_text(path)
    if not text.strip("\ufeff \t\r\n\v\f\u200b\u00a0"):
        raise ArticleError(f"{path}: it is empty.", cure="Remove it, or save its text again.")
    return text


def sound(text: str) -> str:
    """Replace what no file can hold (half a surrogate pair, NUL) by U+FFFD."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _decoded(data: bytes, path: str) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise _not_text(path) from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if b"\x00" in data[:_SAMPLE]:
        raise _not_text(path)
    for encoding in _guesses(data):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _not_text(path)


def _guesses(data: bytes) -> list[str]:
    """Return the likely encodings, best first."""
    from charset_normalizer import from_bytes

    first = _NOT_ASCII.search(data)
    start = max(0, (first.start() if first else 0) - _SAMPLE // 8)
    sample = data[start : start + _SAMPLE]
    matches = from_bytes(sample, cp_isolation=_PLAUSIBLE)
    names = [name for match in matches for name in (match.encoding, *match.could_be_from_charset)]
    # The detector cannot tell these two in a short text.
    if names and names[0] in _LATIN and set(_LATIN) <= set(names):
        western = sample.decode("cp1252", "replace")
        names.insert(0, "cp1250" if _CENTRAL.search(western) else "cp1252")
    return list(dict.fromkeys(names))


def _not_text(path: str) -> ArticleError:
    return ArticleError(
        f"{path}: it is not text, or in no encoding known.", cure="Save it as UTF-8 text."
    )
