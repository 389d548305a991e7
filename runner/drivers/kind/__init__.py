"""Driver `kind`: Kubernetes clusters of containers, and the machine `base` from which one works on them."""
