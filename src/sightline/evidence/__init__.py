"""What makes a report stand up in a dispute: a manifest of where it came from, a seal over all of it, and the check."""
