"""What several processes, or several machines, agree on through one database."""
