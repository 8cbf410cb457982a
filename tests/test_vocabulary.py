from pathlib import Path

import pytest
from gongbao.article import Lists
from gongbao.problem import ContentError
from gongbao.vocabulary import load_vocabulary, nearest


def test_campaign_is_found_by_id_name_and_alias(lists: Lists) -> None:
    found = [lists.vocabulary.find_campaign(text) for text in ("song-wennuan", "送温暖", "春节慰问", " 送 温暖")]
    assert {campaign.id for campaign in found if campaign} == {"song-wennuan"}
    assert None not in found
    assert lists.vocabulary.find_campaign("没有") is None


def test_eighteen_campaigns_and_their_months(lists: Lists) -> None:
    assert len(lists.vocabulary.campaigns) == 18
    assert all(1 <= month <= 12 for campaign in lists.vocabulary.campaigns for month in campaign.months)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[a\n", 1, "TOML 写法有误"),
        ('[ok]\nname = "甲"\n\n[Bad]\nname = "乙"\n', 4, "标识只能用小写字母"),
        ('[a]\naliases = ["甲"]\n', 1, "缺少 name"),
        ('[a]\nname = "甲"\nnmae = "乙"\n', 1, "没有“nmae”这一项"),
        ('[a]\nname = "甲"\n\n[b]\nname = "乙"\naliases = ["甲"]\n', 4, "“甲”已属于 [a]"),
    ],
)
def test_broken_list_is_refused_with_file_and_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    (tmp_path / "campaigns.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_vocabulary(tmp_path)
    problem = caught.value.problems[0]
    assert (problem.path.name, problem.line) == ("campaigns.toml", line)
    assert message in problem.message


def test_nearest_offers_a_likely_spelling() -> None:
    assert nearest("送温暧", ["送温暖", "送清凉"]) == "送温暖"
    assert nearest("完全不同", ["abc"]) is None
