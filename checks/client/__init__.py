"""A client of the Kubernetes API over plain REST: kubeconfig, session, discovery, commands in pods."""
