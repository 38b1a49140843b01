"""The command line. Data goes to standard output, progress and logs to standard error.

One module per command, and every heavy import inside a function: `--help` answers at once.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and end the process with the documented exit status (docs/cli.md)."""
    from newswire.cli.ending import run

    sys.exit(run(sys.argv[1:]))
