"""Threads of questions that are kept: what was asked, what is told while it is answered."""
