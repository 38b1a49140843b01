"""placeholder"""

from consumers.normalize.extraction import Extraction


def extract(html: bytes | str, url: str | None = None, headers: object = None) -> Extraction:
    return Extraction()
