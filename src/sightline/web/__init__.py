"""The HTTP door: routes, their schemas and what stands around them. No domain logic."""
