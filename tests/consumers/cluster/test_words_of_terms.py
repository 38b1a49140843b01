"""Words are read a run of characters at a time, and give what the whole text gives."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from consumers.cluster import terms

PIECES = st.sampled_from(
    ["Minister", "said", "said.", "Über", "1,200", "e.g.", "(AP)", "–", "!", "U.S.", "A", "7", "x" * 40, "警察说。", "नेता।", "ไทย", "don't",
     "İ", ":", "a:b", "”", "…", "“No!”"]
)  # fmt: skip
SPACES = st.sampled_from([" ", "\n", "\u00a0", "\u2028", "\x1f", "", "  "])


def plainly(text):
    """Return the words of a text, one token of the whole text after the other."""
    found, begins = [], True
    for match in terms._TOKEN.finditer(text):
        word = match.group()
        if match.lastgroup == "stop":
            begins = True
            continue
        if match.lastgroup == "unspaced":
            found += [(word[at : at + 2], False) for at in range(max(1, len(word) - 1))]
        elif len(word) > 1 or word.isdigit():
            found.append((word, word[0].isupper() and not begins))
        begins = False
    return found


@given(st.lists(st.tuples(PIECES, SPACES), max_size=20))
@settings(deadline=None)
def test_words(pieces):
    text = "".join(word + space for word, space in pieces)
    assert terms._words(text) == plainly(text)
