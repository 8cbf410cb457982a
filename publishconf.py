"""Settings for the published site: everything of pelicanconf.py, with the site's real address.

The address comes from the environment: GONGBAO_SITEURL=https://archive.example.org (a path below a host works too).
"""

import os

from pelicanconf import *  # noqa: F403

SITEURL = (os.environ.get("GONGBAO_SITEURL") or "https://example.org").rstrip("/")
FEED_DOMAIN = SITEURL
GONGBAO = {**GONGBAO, "offline": True}  # noqa: F405
