"""Processes that are killed, stopped or refused space at a chosen operation on files."""
