/**
 * Starts Decap CMS with our configuration, our controls and our ways of signing in.
 * @module
 */

import { createControls } from "./controls.js";
import { registerHosts } from "./hosts.js";
import { tidyData } from "./tidy.js";
import { ownWords } from "./words.js";

/**
 * What Decap leaves on the window.
 * @typedef {{ CMS: any, createClass: (specification: object & ThisType<any>) => any, h: (...parts: any[]) => any }} Decap
 */

const PROGRAM = "decap-cms.js";

/** @type {HTMLElement | null} */
const starting = document.querySelector("#starting");

/**
 * A JSON file beside this page.
 * @param {string} name
 * @returns {Promise<any>}
 */
async function load(name) {
  const answer = await fetch(name);
  if (!answer.ok) throw new Error(`${name}：${answer.status}`);
  return answer.json();
}

/**
 * @returns {Promise<Decap>}
 */
function loadProgram() {
  Object.assign(window, { CMS_MANUAL_INIT: true });
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = PROGRAM;
    script.onload = () => resolve(/** @type {any} */ (window));
    script.onerror = () => reject(new Error(PROGRAM));
    document.head.append(script);
  });
}

async function start() {
  const [config, regions, decap] = await Promise.all([load("config.json"), load("regions.json"), loadProgram()]);
  for (const [name, control] of Object.entries(createControls(decap, regions))) decap.CMS.registerWidget(name, control);
  decap.CMS.registerLocale(config.locale, ownWords(decap.CMS.getLocale(config.locale)));
  registerHosts(decap, config.backend);
  decap.CMS.registerEventListener({
    name: "preSave",
    handler: (/** @type {any} */ { entry }) => tidyData(entry.get("data")),
  });
  decap.CMS.init({ config });
  starting?.remove();
}

start().catch((error) => {
  const status = document.querySelector("[data-starting]");
  if (status) status.textContent = `编辑页没有打开：${error.message}`;
  console.error(error);
});
