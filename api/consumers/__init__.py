"""Front ends that say which change they show, and what an editor is told of it."""
