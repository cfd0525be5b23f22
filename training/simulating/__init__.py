"""Rounds replayed on passages whose labels are known."""
