"""State of a stage: a local cache of a compacted changelog topic, one store per input partition."""
