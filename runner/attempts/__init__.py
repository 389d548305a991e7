"""One learner on one lab, from start to stop."""
