"""Keys for programs: drawn, recognised, checked.  Only routes that need a key read one; public routes never do."""
