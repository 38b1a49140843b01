"""The `story` event: model, published schema, examples and counterexamples."""
