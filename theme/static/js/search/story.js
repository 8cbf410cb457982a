/**
 * The text of an article's page, without a DOM: only used to look for a phrase in it.
 */

const BEGINS = '<article class="story-body"';
const ENTITIES = new Map(Object.entries({amp: "&", lt: "<", gt: ">", quot: '"', "#34": '"', "#39": "'"}));

/** @param {string} html */
export function storyText(html) {
  const story = html.slice(html.indexOf(BEGINS), html.indexOf("</article>"));
  return story.replace(/<[^>]*>/g, "").replace(/&([#\w]+);/g, (whole, name) => ENTITIES.get(name) ?? whole);
}
