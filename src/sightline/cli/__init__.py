"""The command line. Each command is a file; none imports anything heavy before it runs."""
