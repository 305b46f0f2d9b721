"""Packaged models: the files beside this one, their cards and checksums, and the runtime's sessions."""
