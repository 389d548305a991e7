"""The author's hour: make a lab, read it for mistakes, look at it as the learner does, prove that it grades rightly."""
