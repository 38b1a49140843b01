"""Web addresses: the rules by which two of them are one, each beside its code, and what an address looks like.

`newswire.text.canonicalize` is the one function that applies them; docs/urls.md is generated from them.
"""
