"""What happened on dated days, and what the calendar holds ahead."""
