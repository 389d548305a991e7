"""Driver `container`: Linux machines with systemd as containers."""
