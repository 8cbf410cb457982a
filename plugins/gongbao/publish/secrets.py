"""Secrets come from the environment, and nothing that is printed or written has one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gongbao.publish.target import hide_password

NAME_RE = re.compile(r"SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|(?:^|_)KEY(?:_|$)", re.IGNORECASE)
LEAST = 6  # a shorter value would hide ordinary words


def hide_secrets(text: str, environment: Mapping[str, str]) -> str:
    """A text without the values of variables whose names tell that they are secret, and without passwords in
    addresses.
    """
    values = [value for name, value in environment.items() if NAME_RE.search(name) and len(value) >= LEAST]
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, "***")
    return hide_password(text)
