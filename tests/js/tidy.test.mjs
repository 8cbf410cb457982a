import assert from "node:assert/strict";
import { test } from "node:test";

import { quoteYear, tidyText } from "../../plugins/gongbao/edit/static/tidy.js";

test("a year alone is a text while it is edited, and a year again in the file", () => {
  const text = "---\ntitle: 标题\ndate: 2019\n---\n\n正文。\n";
  assert.equal(quoteYear(text), '---\ntitle: 标题\ndate: "2019"\n---\n\n正文。\n');
  assert.equal(tidyText(quoteYear(text)), text);
});

test("other dates, and the body, stay as they are", () => {
  for (const text of ["---\ndate: 2019-09\n---\n\ndate: 2019\n", "---\ndate: 2019-09-01\n---\n\n正文。\n", "没有元数据\n"]) {
    assert.equal(quoteYear(text), text);
  }
});

test("what the file's name and folder say isn't written into it", () => {
  const text = '---\ntitle: 标题\nslug: liang-cha\ndate: 2021-07-20\nyear: 2021\nfolder: "2021"\n---\n\n\nslug: 正文。\n\n\n';
  assert.equal(tidyText(text), "---\ntitle: 标题\ndate: 2021-07-20\n---\n\nslug: 正文。\n");
});
