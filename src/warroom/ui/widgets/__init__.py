"""Reusable bits that could ship alone."""
