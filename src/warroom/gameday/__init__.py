"""A simulated cluster on loopback, and scripted incidents."""
