"""The `purge` event: model, published schema, examples and counterexamples."""
