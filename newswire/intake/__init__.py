"""Where articles are handed in from outside: each request is written whole, once, and answered after the broker's acknowledgement."""
