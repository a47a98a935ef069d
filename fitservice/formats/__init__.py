"""Rows in, bytes out, and the other way about; pure."""
