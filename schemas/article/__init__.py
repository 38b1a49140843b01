"""The `article` event: model, published schema, examples and counterexamples."""
