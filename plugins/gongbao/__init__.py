"""Gongbao (工报): a static site generator for trade-union news archives."""

__version__ = "0.1.0"
