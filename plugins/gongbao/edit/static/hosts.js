/**
 * Where the page reads and saves: Decap's own backends, signed in to without a server of anybody's.
 * @module
 */

import { quoteYear, tidyText } from "./tidy.js";

/** @typedef {import("./start.js").Decap} Decap */
/** @typedef {{ data: string | null }} Loaded */
/** @typedef {{ dataFiles: { raw: string }[] }} Entry */

/** Our name of a backend -> Decap's, and what the page of the host is called where a token is made. */
const HOSTS = {
  "gongbao-local": { own: "proxy", name: "", scope: "" },
  "gongbao-github": { own: "github", name: "GitHub", scope: "只给这一个仓库的 Contents 读写权限" },
  "gongbao-gitlab": { own: "gitlab", name: "GitLab", scope: "范围选 api" },
};

/**
 * Signs in at once: on one's own machine there is nobody else.
 * @param {Decap} decap
 */
function createEntrance({ createClass, h }) {
  return createClass({
    componentDidMount() {
      this.props.onLogin({});
    },
    render() {
      return h("p", { className: "gongbao-entrance", role: "status" }, "正在打开文章……");
    },
  });
}

/**
 * Asks for an access token, which Decap then keeps in this browser until one signs out.
 * @param {Decap} decap
 * @param {{ name: string, scope: string }} host
 */
function createTokenForm({ createClass, h }, { name, scope }) {
  return createClass({
    /** @param {SubmitEvent} event */
    submit(event) {
      event.preventDefault();
      const form = /** @type {HTMLFormElement} */ (event.target);
      const token = String(new FormData(form).get("token") ?? "").trim();
      if (token) this.props.onLogin({ token });
    },
    render() {
      const { error, inProgress } = this.props;
      return h(
        "form",
        { className: "gongbao-entrance", onSubmit: this.submit },
        h("h1", null, `用 ${name} 的访问令牌登录`),
        h("p", null, `令牌在 ${name} 的个人设置里建（${scope}），只存在这个浏览器里；退出登录就删去。`),
        h("label", { htmlFor: "gongbao-token" }, "访问令牌"),
        h("input", { id: "gongbao-token", name: "token", type: "password", autoComplete: "off", required: true }),
        h("button", { type: "submit", disabled: Boolean(inProgress) }, inProgress ? "正在登录……" : "登录"),
        error ? h("p", { role: "alert" }, `没有登录成：${error.message ?? error}`) : null,
      );
    },
  });
}

/**
 * What was loaded, in place: a list may have more to it than its items.
 * @param {Loaded | Loaded[]} found
 * @returns {Loaded | Loaded[]}
 */
function prepare(found) {
  for (const entry of [found].flat()) if (entry.data) entry.data = quoteYear(entry.data);
  return found;
}

/**
 * The reason alone; Decap shows an error with its name.
 * @param {Error} error
 * @returns {never}
 */
function explain(error) {
  throw Object.assign(new Error(error.message), { name: "" });
}

/**
 * Registers the backend of the configuration.
 * @param {Decap} decap
 * @param {{ name: string }} backend
 */
export function registerHosts(decap, backend) {
  const host = HOSTS[/** @type {keyof typeof HOSTS} */ (backend.name)];
  const entrance = host.own === "proxy" ? createEntrance(decap) : createTokenForm(decap, host);
  /** @type {any} Decap calls it with `new`; what it returns takes the place of what `new` makes. */
  const makeBackend = function makeBackend(/** @type {unknown[]} */ ...parts) {
    const made = decap.CMS.getBackend(host.own).init(...parts);
    made.authComponent = () => entrance;
    for (const name of ["entriesByFolder", "allEntriesByFolder", "getEntry"]) {
      const load = made[name]?.bind(made);
      if (load) made[name] = (/** @type {unknown[]} */ ...own) => load(...own).then(prepare);
    }
    const persist = made.persistEntry.bind(made);
    made.persistEntry = (/** @type {Entry} */ entry, /** @type {unknown} */ options) => {
      const dataFiles = entry.dataFiles.map((file) => ({ ...file, raw: tidyText(file.raw) }));
      return persist({ ...entry, dataFiles }, options).catch(explain);
    };
    return made;
  };
  decap.CMS.registerBackend(backend.name, makeBackend);
}
