"""What sources share to read outside documents: bytes as text, XML that may be broken, addresses."""
