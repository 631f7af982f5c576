"""Pages of matching: a coordinator's, and everybody's own."""
