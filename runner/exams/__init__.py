"""Exams: labs drawn or listed, a clock that no crash lengthens, one grading at the end, and results to keep."""
