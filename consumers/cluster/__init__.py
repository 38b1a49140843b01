"""Puts articles about the same event into one story."""

from consumers.cluster.handler import Cluster

__all__ = ["Cluster"]
