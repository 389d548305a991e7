"""The Kubernetes API over plain REST: where it is, one session, names of kinds, commands in pods."""
