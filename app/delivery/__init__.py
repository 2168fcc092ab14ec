"""What is told to people outside: kept until it is told, in order, and with effect once."""
