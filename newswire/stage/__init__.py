"""The stage loop: one window of records at a time, through a pure handler, in one transaction."""
