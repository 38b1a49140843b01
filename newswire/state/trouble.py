"""What to say when the folder of a slot's state, lock and journal fails: never a record's fault, so none becomes a dead letter for it."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from newswire.errors import NewswireError, StageError, StageStoppedError

_FORBIDDEN: Final = {errno.EACCES, errno.EPERM, errno.EROFS}
_FORBIDDEN_IN_SQLITE: Final = {sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}


@contextmanager
def on_disk(folder: Path) -> Iterator[None]:
    """Let the block use a slot's folder. Raises StageStoppedError where rights are wrong, which no restart mends, else StageError."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise unusable(error, folder) from error


def unusable(error: Exception, folder: Path) -> NewswireError:
    """Return the error for a person: what, where, what to do, and that nothing is lost."""
    if _forbidden(error):
        return StageStoppedError(
            f"this process, of user {os.geteuid()}, may not use its folder {folder} ({error}): give that folder and all in it to the user "
            "that runs the stage, with the right to write (chown -R, chmod -R u+rwX), or name another one with NEWSWIRE_STATE_DIR. "
            "Nothing is lost: what is in it can be rebuilt from Kafka"
        )
    return StageError(
        f"the local state in {folder} cannot be read or written ({error}): make room or mend the disk, then start again. A file that is "
        "damaged is rebuilt from the changelog at the start"
    )


def _forbidden(error: Exception) -> bool:
    if isinstance(error, sqlite3.Error):
        # The lower byte is the error's kind (sqlite.org/rescode.html).
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in _FORBIDDEN_IN_SQLITE
    return isinstance(error, OSError) and error.errno in _FORBIDDEN
