"""The `carried` event: model, published schema, examples and counterexamples."""
