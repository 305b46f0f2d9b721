"""Ports to what outlives a request: blobs (files) and records (rows). One small contract each, one file per backend."""
