"""Runs labs: reads them, provides their machines, grades them, tells the learner."""
