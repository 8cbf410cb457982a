import assert from "node:assert/strict";
import {test} from "node:test";

import {cutExcerpt, findMarks, joinBlocks} from "../../theme/static/js/search/excerpt.js";

const text = "开头说别的事情。".repeat(20) + "工会给环卫工送温暖，二〇二〇年冬天。" + "结尾又说别的。".repeat(20);

/** @param {string} source @param {string[]} words @param {number} [length] */
const marks = (source, words, length = 60) => cutExcerpt(source, words, length).filter(({marked}) => marked).map((piece) => piece.text);

test("the excerpt shows the words and is as long as asked", () => {
  const pieces = cutExcerpt(text, ["环卫工", "送温暖"], 60);
  assert.deepEqual(pieces.filter(({marked}) => marked).map((piece) => piece.text), ["环卫工送温暖"]);
  assert.ok(pieces.map((piece) => piece.text).join("").length <= 60 + 2 * "……".length);
});

test("without its ellipses the excerpt is a piece of the text", () => {
  const excerpt = cutExcerpt(text, ["冬天"], 40).map((piece) => piece.text).join("").replaceAll("…", "");
  assert.ok(text.includes(excerpt));
});

test("width and case don't hide a word", () => {
  assert.deepEqual(marks("ＡＰＰ入会２０２０年", ["app", "2020"]), ["ＡＰＰ", "２０２０"]);
});

test("single characters are marked only if nothing longer is", () => {
  assert.deepEqual(marks("他的厂里有工会", ["工会", "的"]), ["工会"]);
  assert.deepEqual(marks("张莲莲", ["张", "莲"]), ["张莲莲"]);
});

test("overlapping words are one mark", () => {
  assert.deepEqual(findMarks("市总工会", ["市总", "总工会"]).map(({start, end}) => [start, end]), [[0, 4]]);
});

test("a short text is not cut", () => {
  assert.deepEqual(cutExcerpt("短短一句", ["没有"], 60), [{text: "短短一句", marked: false}]);
});

test("paragraphs are set apart by a space only where no full-width mark does it", () => {
  assert.equal(joinBlocks(["小标题", "他说：", "“好。”", "后来 app 也", "有了"]), "小标题 他说：“好。”后来 app 也 有了");
});
