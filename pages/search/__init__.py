"""Full-text index of what articles say to readers: which text, how it becomes words, and where it is kept."""
