"""What Rung adds to the official client of Kubernetes: kubeconfigs as kubectl reads them, errors, kinds, commands."""
