"""Publishing: the built site is verified, staged, and given to a static host in one step."""
