"""From a package to a function that answers: uploads, stack, smoke tests, and the alias that traffic goes through."""
