"""The learner's shell: a pseudo-terminal whose requests Rung carries out."""
