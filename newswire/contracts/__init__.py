"""The contract as documents: docs/contracts.md and docs/asyncapi.yaml, generated from schemas and topology, and an export for others."""
