"""Runs: the folder that training writes, and all that is read of it afterwards."""
