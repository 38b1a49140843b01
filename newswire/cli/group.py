"""A command with commands below it, made so that asking for help stays cheap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from typer.core import TyperGroup
from typer.models import Default

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter
    from typer.core import TyperOption


class _Group(TyperGroup):
    """A group whose `--help`, where it is not given, is False instead of nothing: typer would load pydantic to say the same."""

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """Return the option."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.default = False
        return option


class _MeansNow(_Group):
    """A group whose options, given without a command, are those of its command `now`, and stand in its own help.

    Options of the group itself would make the help of all commands below it slow.
    """

    means = "now"
    """The command that need not be named."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Put the command in."""
        if args and args[0].startswith("-") and args[0] not in ctx.help_option_names:
            args = [self.means, *args]
        return super().parse_args(ctx, args)

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write its options, and the commands."""
        meant = self.commands[self.means]
        rows = [row for option in meant.get_params(ctx) if (row := option.get_help_record(ctx)) is not None]
        with formatter.section("Options"):
            formatter.write_dl(rows)
        self.format_commands(ctx, formatter)


def group(help_text: str = "", *, runs_alone: bool = False, means_now: bool = False) -> typer.Typer:
    """Return a group of commands.

    `runs_alone`: it does something without a command below it. `means_now`: options without a command are those of its command `now`.
    """
    return typer.Typer(
        cls=_MeansNow if means_now else _Group,
        help=help_text or Default(None),
        # Without rich markup the help needs neither rich nor a quarter of a second.
        rich_markup_mode=None,
        no_args_is_help=not runs_alone,
        invoke_without_command=runs_alone,
        # Its options would load pydantic before any command is known.
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
    )
