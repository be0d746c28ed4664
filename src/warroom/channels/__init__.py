"""The services that carry pages and messages, and the one sender of a journal."""
