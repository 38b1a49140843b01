"""Running a stage's present code again over records that are kept, beside the live topics (docs/replay.md)."""
