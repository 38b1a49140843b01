"""A disk for a folder: a small one of its own where this user may mount one, so that it can be full."""

from __future__ import annotations

import subprocess
from pathlib import Path

SIZE = 256 << 20
_FILLER = "filler"


class Volume:
    """A folder; a tmpfs if possible (`mounted`)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.mounted = False

    def open(self) -> None:
        """Make the folder and, where this user may, mount a tmpfs there."""
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "newswire-chaos", str(self.path)],
                check=True,
                capture_output=True,
            )
        except (OSError, subprocess.CalledProcessError):
            return
        self.mounted = True

    def fill(self) -> None:
        """Leave no room on the disk."""
        with (self.path / _FILLER).open("wb", buffering=0) as filler:
            for size in (1 << 20, 4096, 1):
                block = b"\0" * size
                try:
                    while filler.write(block) == size:
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        """Make room again."""
        (self.path / _FILLER).unlink(missing_ok=True)

    def close(self) -> None:
        """Take the disk away, with what is on it."""
        if self.mounted:
            subprocess.run(["umount", "--lazy", str(self.path)], check=False, capture_output=True)
            self.mounted = False
