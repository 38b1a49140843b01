"""The `unique` event: model, published schema, examples and counterexamples."""
