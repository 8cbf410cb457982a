"""Measurements of Gongbao beside its peers; run by `python3 tasks.py bench`."""
