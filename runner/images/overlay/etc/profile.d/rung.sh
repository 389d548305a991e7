# Inside a shell that Rung opened: check, tasks, hint, reset. `exit` leaves the lab running.
