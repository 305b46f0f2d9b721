"""The port to work that outlives a request: a small contract for a queue, one file per backend, and a local worker."""
