"""Use cases: take an input in, run the domain, store what came out. The same code behind every door."""
