"""Which labs there are: lists, filters, tracks, trust, permissions."""
