"""Which language a text is written in. Shared by the stages; pure and deterministic."""

from __future__ import annotations

import functools
import re
from typing import Any, Final

MIN_WORDS: Final = 20
"""Fewer words than this say too little: the answer is None rather than a guess."""
MIN_CONFIDENCE: Final = 0.6
"""Below this the two best languages are too close to call."""
_SAMPLE_CHARACTERS: Final = 10_000  # more text does not change the answer, only the time it takes
_UNSPACED: Final = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
_UNSPACED_LETTER: Final = re.compile(f"[{_UNSPACED}]")  # scripts written without spaces between words
_SPACED_WORD: Final = re.compile(
    rf"[^\W\d_{_UNSPACED}]+(?:['’\u0300-\u036f\u0900-\u0dff]*[^\W\d_{_UNSPACED}]+)*"
)
_URL: Final = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+")


def detect(text: str) -> tuple[str | None, float]:
    """Return the ISO 639-1 code of the text's language and the confidence from 0 to 1.

    (None, confidence) when the text has fewer than `MIN_WORDS` words (two letters count as one word in scripts without spaces) or
    the best two languages are too close. Addresses are not counted. The model (Lui & Baldwin 2012, py3langid) is loaded at the
    first call; the confidence is rounded to three digits so that machines agree on the bytes.
    """
    sample = _URL.sub(" ", text[:_SAMPLE_CHARACTERS])
    if _words(sample) < MIN_WORDS:
        return None, 0.0
    code, probability = _identifier().classify(sample)
    confidence = round(float(probability), 3)
    return (str(code) if confidence >= MIN_CONFIDENCE else None), confidence


def _words(text: str) -> float:
    return len(_SPACED_WORD.findall(text)) + len(_UNSPACED_LETTER.findall(text)) / 2


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # its model takes half a second to load

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
