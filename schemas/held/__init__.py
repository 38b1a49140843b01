"""The `held` event: model, published schema, examples and counterexamples."""
