"""What is told of the program to who watches over it: traces, metrics, logs, last successes."""
