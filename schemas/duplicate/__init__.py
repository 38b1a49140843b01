"""The `duplicate` event: model, published schema, examples and counterexamples."""
