"""Text out of an incident."""
