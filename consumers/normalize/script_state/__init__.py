"""What scripts of a page hold of its article, for pages that show nothing of it before their scripts ran."""
