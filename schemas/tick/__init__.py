"""The `tick` event: model, published schema, examples and counterexamples."""
