"""Newswire: raw news in, validated events out, exactly once, on Kafka."""
