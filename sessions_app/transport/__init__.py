"""Sockets: accept, authenticate, decode, dispatch, encode. Decides nothing about sessions."""
