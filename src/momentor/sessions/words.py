"""What somebody wrote, as paragraphs, links and code, and nothing else.

elements/words.ts follows the same rules in the browser; tests/fixtures/message_words.json holds both to them:
- a line of ``` (a language may follow) opens a block of code, the next line of ``` closes it; one that is never closed
  is plain text;
- an empty line ends a paragraph; other line breaks stay;
- `between back quotes` on one line is code;
- http:// and https:// addresses are links, without the punctuation that ends a sentence.
"""

import re
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# A piece is a text, ["code", text] or ["a", address]; a block is ["p", piece, ...] or ["pre", text].
Piece = str | list[str]
Block = list[Any]

_FENCE = re.compile(r"```[A-Za-z0-9+#._-]{0,20}[ \t]*")
_INLINE = re.compile(r"`([^`\n]+)`|https?://[^\s<>\"`]+", re.IGNORECASE)
_HAS_HOST = re.compile(r"https?://[^\s/?#.,:;!]", re.IGNORECASE)
_ENDS_SENTENCE = ".,:;!?'*_~»”’…"
_CLOSERS = {")": "(", "]": "[", "}": "{"}


def said(body: str) -> SafeString:
    """Return a message as HTML."""
    return format_html_join("", "{}", ((_block(block),) for block in blocks(body)))


def blocks(body: str) -> list[Block]:
    """Return the blocks that a text is made of."""
    found: list[Block] = []
    lines, paragraph, at = body.split("\n"), list[str](), 0
    while at < len(lines):
        end = _end_of_code(lines, at)
        if end is not None:
            found += _paragraph(paragraph)
            found.append(["pre", "\n".join(lines[at + 1 : end])])
            paragraph, at = [], end + 1
            continue
        if lines[at].strip():
            paragraph.append(lines[at])
        else:
            found += _paragraph(paragraph)
            paragraph = []
        at += 1
    return found + _paragraph(paragraph)


def _end_of_code(lines: list[str], start: int) -> int | None:
    """Return the line that closes the block of code that opens here, if one does."""
    if not _FENCE.fullmatch(lines[start]):
        return None
    return next((at for at in range(start + 1, len(lines)) if lines[at].rstrip(" \t") == "```"), None)


def _paragraph(lines: list[str]) -> list[Block]:
    return [["p", *_pieces("\n".join(lines))]] if lines else []


def _pieces(text: str) -> list[Piece]:
    pieces: list[Piece] = []
    done = 0
    for found in _INLINE.finditer(text):
        code = found[1]
        piece: Piece = ["code", code] if code else ["a", _address(found[0])]
        if not code and not _HAS_HOST.match(piece[1]):
            continue
        if found.start() > done:
            pieces.append(text[done : found.start()])
        pieces.append(piece)
        done = found.end() if code else found.start() + len(piece[1])
    if done < len(text):
        pieces.append(text[done:])
    return pieces


def _address(text: str) -> str:
    """Return an address without what belongs to the sentence around it."""
    while text:
        last = text[-1]
        opener = _CLOSERS.get(last)
        if last in _ENDS_SENTENCE or (opener and text.count(last) > text.count(opener)):
            text = text[:-1]
        else:
            break
    return text


def _block(block: Block) -> SafeString:
    kind, *pieces = block
    if kind == "pre":
        return format_html("<pre><code>{}</code></pre>", *pieces)
    return format_html("<p>{}</p>", format_html_join("", "{}", ((_piece(piece),) for piece in pieces)))


def _piece(piece: Piece) -> str:
    if isinstance(piece, str):
        return piece
    kind, text = piece
    if kind == "code":
        return format_html("<code>{}</code>", text)
    return format_html('<a href="{}" rel="nofollow noopener noreferrer" target="_blank">{}</a>', text, text)
