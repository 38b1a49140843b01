"""Logs: Kafka, and one in memory with the same interface."""
