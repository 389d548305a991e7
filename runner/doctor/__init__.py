"""Checks whether this computer can run labs, and says how to fix what is wrong."""
