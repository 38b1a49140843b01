"""What others do: MinHash by datasketch and by rensa, and tf-idf. Each decides online: a text is a copy of one seen before, or new.

Settings are the best of a grid over the development texts (`threshold` 0.35 to 0.7, word pairs and triples, 128 and 256 permutations).
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter, defaultdict

from datasketch import MinHash, MinHashLSH
from rensa import RMinHash, RMinHashLSH

Lines = list[str]
PERMUTATIONS = 256
THRESHOLD = 0.45


def _pairs(lines: Lines) -> list[str]:
    words = re.findall(r"\w+", " ".join(lines).lower())
    return [f"{one} {two}" for one, two in itertools.pairwise(words)]


class Datasketch:
    """`MinHashLSH` over word pairs, the candidate with the highest estimated Jaccard."""

    def __init__(self) -> None:
        self._index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
        self._seen: dict[str, MinHash] = {}

    def __call__(self, name: str, _headline: str, lines: Lines) -> str | None:
        """Take a text; return the name of the text that it is a copy of, or None."""
        mine = MinHash(num_perm=PERMUTATIONS)
        mine.update_batch([pair.encode() for pair in _pairs(lines)])
        near = [(self._seen[other].jaccard(mine), other) for other in self._index.query(mine)]
        best = max(near, default=(0.0, ""))
        if best[0] >= THRESHOLD:
            return str(best[1])
        self._seen[name] = mine
        self._index.insert(name, mine)
        return None


class Rensa:
    """`RMinHashLSH` over word pairs, the candidate with the highest estimated Jaccard. Bands of 4 rows: most recall of those tried."""

    def __init__(self) -> None:
        self._index = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=PERMUTATIONS // 4)
        self._seen: list[tuple[str, RMinHash]] = []

    def __call__(self, name: str, _headline: str, lines: Lines) -> str | None:
        """Take a text; return the name of the text that it is a copy of, or None."""
        return self.look(name, self.sign(lines))

    def sign(self, lines: Lines) -> RMinHash:
        """Return the signature of a text: what needs no index."""
        mine = RMinHash(num_perm=PERMUTATIONS, seed=1)
        mine.update(_pairs(lines))
        return mine

    def look(self, name: str, mine: RMinHash) -> str | None:
        """Take a signature; return the name of the text that it is a copy of, or None."""
        near = [
            (self._seen[other][1].jaccard(mine), self._seen[other][0]) for other in self._index.query(mine)
        ]
        best = max(near, default=(0.0, ""))
        if best[0] >= THRESHOLD:
            return best[1]
        self._index.insert(len(self._seen), mine)
        self._seen.append((name, mine))
        return None


class TfIdf:
    """Cosine of tf-idf vectors over an inverted index; the document frequencies are those of what was seen so far."""

    threshold = 0.6

    def __init__(self) -> None:
        self._frequency: Counter[str] = Counter()
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._names: list[str] = []
        self._count = 0

    def __call__(self, name: str, _headline: str, lines: Lines) -> str | None:
        """Take a text; return the name of the text that it is a copy of, or None."""
        terms = Counter(re.findall(r"\w\w+", " ".join(lines).lower()))
        self._count += 1
        self._frequency.update(terms.keys())
        vector = {
            term: (1 + math.log(n)) * math.log((1 + self._count) / self._frequency[term])
            for term, n in terms.items()
        }
        length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
        scores: dict[int, float] = defaultdict(float)
        for term, weight in vector.items():
            for other, theirs in self._postings[term]:
                scores[other] += weight / length * theirs
        best = max(scores.items(), key=lambda pair: pair[1], default=(0, 0.0))
        if best[1] >= self.threshold:
            return self._names[best[0]]
        for term, weight in vector.items():
            self._postings[term].append((len(self._names), weight / length))
        self._names.append(name)
        return None
