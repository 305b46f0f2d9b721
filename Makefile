# The commands are in scripts/; `make deploy ARGS="--only crack"` hands its arguments on.
.PHONY: deploy serve test
deploy serve test:
	scripts/$@ $(ARGS)
