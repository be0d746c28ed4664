"""A console that several people share in one tmux session."""
