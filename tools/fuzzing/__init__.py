"""What is hostile, and what is wrong with the answers."""
