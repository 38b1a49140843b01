"""The `rejected` event: model, published schema, examples and counterexamples."""
