"""What a system answered, in a form that may be shown."""
