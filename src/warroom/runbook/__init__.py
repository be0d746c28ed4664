"""Markdown in, values out."""
