"""What arrives from outside, whatever wrote it, as one text with the page of each of its characters."""
