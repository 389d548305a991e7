"""Where a learner stands and what comes next: rules over the record, without I/O but in `learner` and `assessment`."""
