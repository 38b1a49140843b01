"""Parts that several events share."""
