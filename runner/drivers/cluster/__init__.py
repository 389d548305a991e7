"""What every driver of clusters needs: the machine `base`, readiness, manifests, names."""
