"""Exams: labs that are listed or drawn, a clock that no crash lengthens, one grading at the end, lasting results."""
