"""The contract: what each event on each topic means.

One room per event: a pydantic model (the source of truth), the JSON Schema generated from it, examples that must pass and
counterexamples that must fail naming their path. This package imports nothing of ours. Importing it is cheap: models and
validators are loaded when first asked for.
"""

from schemas.registry import EVENTS, model, schema, schema_id, version

__all__ = ["EVENTS", "model", "schema", "schema_id", "version"]
