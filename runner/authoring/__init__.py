"""What authors need: make a lab, lint it, preview it as learners see it, prove that it grades correctly."""
