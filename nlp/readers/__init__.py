"""Report files in, one ``Document`` out: a reader a file format."""
