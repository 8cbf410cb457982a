"""All rules, in the order of the tables: importing a module of rules is what puts them into the registry."""

from __future__ import annotations

from gongbao.check import (
    field_rules,
    file_rules,
    ignores,
    link_rules,
    picture_rules,
    reading_rules,
    registry,
    text_rules,
    twin_rules,
)
from gongbao.check.registry import CONTENT_CHECKS, DOCUMENT_CHECKS, WHOLE_CHECKS, Remark, Rule

__all__ = ["CONTENT_CHECKS", "DOCUMENT_CHECKS", "MODULES", "RULES", "WHOLE_CHECKS", "Remark", "Rule"]

MODULES = (reading_rules, field_rules, text_rules, picture_rules, link_rules, file_rules, twin_rules, ignores)
RULES = {
    own: rule for module in MODULES for own, rule in registry.RULES.items() if rule.module == module.__name__
}  # fmt: skip
