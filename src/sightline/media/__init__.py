"""Pictures in and out: decoded within limits, upright and in RGB; encoded as JPEG and PNG."""
