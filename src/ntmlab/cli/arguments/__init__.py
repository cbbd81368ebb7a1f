"""What each command accepts, a function a command; imports nothing heavy."""
