"""Whether this computer can run labs, and what to do where it cannot."""
