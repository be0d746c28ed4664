"""Boxes that wait for an answer."""
