import assert from "node:assert/strict";
import {test} from "node:test";

import {aroundPlace, countFacets, countYears} from "../../theme/static/js/search/facets.js";

/** @type {import("../../theme/static/js/search/facets.js").Columns} */
const columns = {
  region: {
    values: [["11", "北京市", -1], ["61", "陕西省", -1], ["6106", "延安市", 1], ["610603", "安塞区", 2], ["610602", "宝塔区", 2]],
    documents: [3, [], [0, 2], [3, 4], 1],
  },
  campaign: {values: [["a", "送温暖"], ["b", "送清凉"]], documents: [[0, 1], 0, [], 1, 0]},
  paper: {values: [["p", "工人日报"]], documents: [0, 0, [], 0, []]},
};

/** @param {{id: string, count: number}[]} counts */
const plain = (counts) => counts.map(({id, count}) => [id, count]);

test("a place counts the documents of the places inside it, each once", () => {
  const {region} = countFacets(columns, [0, 1, 2, 3, 4]);
  assert.deepEqual(plain(region), [["61", 4], ["6106", 3], ["610603", 2], ["11", 1], ["610602", 1]]);
  assert.deepEqual(region.map(({parent}) => parent), ["", "61", "6106", "", "6106"]);
});

test("only values of the documents found are given, the most frequent first", () => {
  const {campaign, paper} = countFacets(columns, [0, 4]);
  assert.deepEqual(plain(campaign), [["a", 2], ["b", 1]]);
  assert.deepEqual(paper, [{id: "p", name: "工人日报", parent: "", count: 1}]);
  assert.deepEqual(countFacets(columns, []), {region: [], campaign: [], paper: []});
});

test("counts are those of a count by hand", () => {
  for (let set = 0; set < 32; set++) {
    const documents = [0, 1, 2, 3, 4].filter((document) => set & (1 << document));
    for (const {id, count} of countFacets(columns, documents).campaign) {
      const number = columns.campaign.values.findIndex(([own]) => own === id);
      const holders = documents.filter((document) => [columns.campaign.documents[document]].flat().includes(number));
      assert.equal(count, holders.length);
    }
  }
});

test("around a place stand those that hold it and those right inside it", () => {
  const {region} = countFacets(columns, [0, 1, 2, 3, 4]);
  assert.deepEqual(plain(aroundPlace(region, "").inside), [["61", 4], ["11", 1]]);
  const {line, inside} = aroundPlace(region, "6106");
  assert.deepEqual(plain(line), [["61", 4], ["6106", 3]]);
  assert.deepEqual(plain(inside), [["610603", 2], ["610602", 1]]);
  assert.deepEqual(aroundPlace(region, "610603").inside, []);
});

test("a place that nothing found has leads back to the outermost ones", () => {
  const {region} = countFacets(columns, [2]);
  assert.deepEqual(plain(aroundPlace(region, "610603").inside), [["11", 1], ["61", 1]]);
});

test("years run from the oldest, those without documents too", () => {
  /** @type {[number, number, number][]} */
  const years = [[2023, 0, 3], [2021, 3, 4], [2020, 4, 9]];
  assert.deepEqual(countYears(years, [0, 2, 4, 8]), [
    {year: 2020, count: 2},
    {year: 2021, count: 0},
    {year: 2022, count: 0},
    {year: 2023, count: 2},
  ]);
  assert.deepEqual(countYears(years, [3]).map(({count}) => count), [0, 1, 0, 0]);
  assert.deepEqual(countYears([], []), []);
});
