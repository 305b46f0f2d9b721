"""The doors of the two Lambda functions: an event in, an answer out, one line of metrics beside it."""
