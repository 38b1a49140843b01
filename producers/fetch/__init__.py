"""The polite and safe HTTP client that all sources share. Its rules are in docs/fetching.md."""
