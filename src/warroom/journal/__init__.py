"""Where entries are kept, and shared by every console of the host."""
