"""Settings for the edition that is opened from a disk: those of the published site, whose address its citations give.

Nothing has to be kept there for reading without a net.
"""

from publishconf import *  # noqa: F403

GONGBAO = {**GONGBAO, "offline": False}  # noqa: F405
