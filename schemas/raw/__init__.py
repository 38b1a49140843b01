"""The `raw` event: model, published schema, examples and counterexamples."""
