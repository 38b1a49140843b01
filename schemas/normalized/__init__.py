"""The `normalized` event: model, published schema, examples and counterexamples."""
