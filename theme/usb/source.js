/**
 * The site's files where there is no server: browsers let a page of a disk read no file but scripts and styles. So the
 * edition has each file that scripts ask for as a script too, which hands over what it holds.
 *
 * Takes the place of theme/static/js/source.js (gongbao/usb/modules.py).
 */

const shared = /** @type {any} */ (globalThis);
/** Where the published site stands, and where this copy of it lies. @type {{base: string, root: string}} */
const {base, root} = shared.gongbaoSite;
/** @type {Map<string, Promise<string>>} files on their way */
const loading = new Map();
/** @type {Map<string, string>} what scripts have handed over */
const arrived = new Map();

/**
 * Called by the scripts that hold a file: bytes in base64, a text as it is.
 *
 * @param {string} name
 * @param {string} data
 */
shared.gongbaoFile = (name, data) => arrived.set(name, data);

/** @param {RequestInfo | URL} address of a file, with the path below which the published site stands */
export async function fetchFile(address) {
  const name = nameOf(String(address));
  const data = await (loading.get(name) ?? load(name));
  return new Response(name.endsWith(".bin") ? Uint8Array.from(atob(data), (one) => one.charCodeAt(0)) : data);
}

/** @param {string} address */
export function addressOf(address) {
  const rest = address.search(/[?#]|$/);
  return new URL(nameOf(address.slice(0, rest)), root).href + address.slice(rest);
}

/** @param {string} address */
function nameOf(address) {
  const name = address.slice(base.length + 1);
  return name === "" || name.endsWith("/") ? `${name}index.html` : name;
}

/** @param {string} name @returns {Promise<string>} */
function load(name) {
  const script = document.createElement("script");
  /** @type {Promise<string>} */
  const loaded = new Promise((resolve, reject) => {
    script.addEventListener("load", () => resolve(arrived.get(name) ?? ""));
    script.addEventListener("error", () => reject(new Error(`${name} isn't here`)));
  });
  loading.set(name, loaded);
  script.src = new URL(`${name}.js`, root).href;
  document.head.append(script);
  const clean = () => {
    loading.delete(name);
    arrived.delete(name); // whoever asked has it
    script.remove();
  };
  loaded.then(clean, clean);
  return loaded;
}
