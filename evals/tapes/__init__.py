"""Recorded tool answers: kept in files, looked up in place of calls, changed by faults."""
