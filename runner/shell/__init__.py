"""The learner's shell: connects the terminal with a machine and carries out the machine's requests."""
