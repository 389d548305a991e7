"""Driver `kubeconfig`: labs on a cluster that the user brings; it changes only objects that it created."""
