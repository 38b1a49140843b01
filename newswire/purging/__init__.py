"""Purges: what must go is named in the log, taken out by the stages, and looked for afterwards."""
