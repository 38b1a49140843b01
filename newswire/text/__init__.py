"""Text as it comes from outside: its encoding found out, its characters repaired. Shared by producers and consumers."""
