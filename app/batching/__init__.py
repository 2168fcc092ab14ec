"""Many reports, unattended: what a plan asks for, who makes each, and what became of all."""
