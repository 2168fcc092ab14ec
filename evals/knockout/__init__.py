"""Each defence switched off in turn, and what then goes red."""
