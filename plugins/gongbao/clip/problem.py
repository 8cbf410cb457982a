"""What stops a page from being cut or a draft from being accepted."""

from __future__ import annotations


class UsageError(ValueError):
    """The command was called with something it can't take; the message says what is allowed."""


class ClipError(ValueError):
    """The work can't be done as asked; the message names the file, what was found and what is allowed."""
