"""A learner's skills, readiness and next labs, by rules over the record; only `learner` and `assessment` do I/O."""
