"""Driver `kubeconfig`: labs on a cluster that the user brings, of which nothing is touched that is not ours."""
