/**
 * The form's controls. Decap's own text boxes set text and cursor anew while one types, which breaks input methods
 * (its issues 4837, 6287, 1347); these are the browser's, and say nothing until a word is composed.
 * @module
 */

/** @typedef {import("./start.js").Decap} Decap */

/**
 * @param {unknown} value a number, if YAML takes it for one
 * @returns {string} without the blank line that stands between front matter and body
 */
function shown(value) {
  return String(value ?? "").replace(/^\n+/, "");
}

/**
 * The methods of a control around one text box of the browser's.
 * @param {Decap} decap
 * @param {string} element
 * @param {(props: any) => object} attributes
 */
function textControl({ createClass, h }, element, attributes) {
  return createClass({
    /** @param {HTMLInputElement | null} box */
    hold(box) {
      this.box = box;
    },
    /** A value from outside, as from a kept copy of the form; never while one types. */
    componentDidUpdate() {
      const value = shown(this.props.value);
      if (this.box && this.box !== document.activeElement && this.box.value !== value) this.box.value = value;
    },
    /** @param {any} event */
    take(event) {
      if (!event.nativeEvent.isComposing) this.props.onChange(event.target.value);
    },
    /** @param {any} event */
    finish(event) {
      this.props.onChange(event.target.value);
    },
    render() {
      const { forID, value, classNameWrapper, setActiveStyle, setInactiveStyle } = this.props;
      return h(element, {
        ref: this.hold,
        id: forID,
        className: classNameWrapper,
        defaultValue: shown(value),
        onChange: this.take,
        onCompositionEnd: this.finish,
        onFocus: setActiveStyle,
        onBlur: setInactiveStyle,
        ...attributes(this.props),
      });
    },
  });
}

/**
 * The divisions of a year.
 * @param {Record<string, number[]>} regions path -> first and last year of each run
 * @param {string} date
 * @returns {string[]}
 */
export function pathsIn(regions, date) {
  const years = Object.values(regions).flat();
  const last = years.reduce((one, other) => Math.max(one, other), 0);
  const first = years.reduce((one, other) => Math.min(one, other), last);
  const year = Math.min(Math.max(Number(date.slice(0, 4)) || last, first), last);
  return Object.entries(regions)
    .filter(([, runs]) => runs.some((start, at) => at % 2 === 0 && start <= year && year <= Number(runs[at + 1])))
    .map(([path]) => path);
}

/**
 * Places: a row each, with the divisions of the article's year to choose from.
 * @param {Decap} decap
 * @param {Record<string, number[]>} regions
 */
function placesControl(decap, regions) {
  const { createClass, h } = decap;
  const Line = textControl(decap, "input", ({ list, label }) => ({
    type: "text",
    autoComplete: "off",
    list,
    "aria-label": label,
  }));
  return createClass({
    /** @returns {string[]} */
    values() {
      const { value } = this.props;
      const plain = typeof value?.toJS === "function" ? value.toJS() : value;
      return Array.isArray(plain) ? plain : plain ? [plain] : [];
    },
    /**
     * @param {number} at
     * @param {string[]} texts what stands there instead of one row
     */
    replace(at, ...texts) {
      const values = this.values();
      this.props.onChange([...values.slice(0, at), ...texts, ...values.slice(at + 1)]);
    },
    /** @returns {{ error: { message: string } } | boolean} */
    isValid() {
      const wrong = this.values().find((/** @type {string} */ one) => one && !(one.trim() in regions));
      if (wrong === undefined) return true;
      return { error: { message: `没有“${wrong}”这个地区，请从候选里选，如 陕西省/延安市/安塞区` } };
    },
    /** @param {string} id */
    choices(id) {
      const date = String(this.props.getEntry?.().getIn(["data", "date"]) ?? "");
      if (this.date !== date || !this.list) {
        this.date = date;
        this.list = h("datalist", { id }, pathsIn(regions, date).map((path) => h("option", { key: path, value: path })));
      }
      return this.list;
    },
    /**
     * @param {string} value
     * @param {number} at
     */
    row(value, at) {
      const own = {
        forID: at ? `${this.props.forID}-${at}` : this.props.forID,
        label: `地区 ${at + 1}`,
        list: `${this.props.forID}-choices`,
        value,
        onChange: (/** @type {string} */ text) => this.replace(at, text),
      };
      const remove = () => this.replace(at);
      return h(
        "div",
        { className: "gongbao-place", key: `${at}` },
        h(Line, { ...this.props, ...own }),
        h("button", { type: "button", "aria-label": `去掉地区 ${at + 1}`, onClick: remove }, "去掉"),
      );
    },
    render() {
      const values = this.values();
      const add = () => this.props.onChange([...values, ""]);
      return h(
        "div",
        { className: "gongbao-places" },
        (values.length ? values : [""]).map((/** @type {string} */ value, /** @type {number} */ at) => this.row(value, at)),
        h("button", { type: "button", onClick: add }, "再加一个地区"),
        this.choices(`${this.props.forID}-choices`),
      );
    },
  });
}

/**
 * The file's name: asked once, then only shown.
 * @param {Decap} decap
 */
function addressControl(decap) {
  const Line = textControl(decap, "input", () => ({ type: "text", autoComplete: "off", spellCheck: false }));
  const { createClass, h } = decap;
  return createClass({
    isNew() {
      return Boolean(this.props.entry?.get("newRecord"));
    },
    getValidateValue() {
      return this.isNew() ? this.props.value : this.name();
    },
    /** What Decap calls the entry is `2020/ansai-song-wennuan`. */
    name() {
      return String(this.props.entry?.get("slug") ?? "").split("/").pop();
    },
    render() {
      if (this.isNew()) return h(Line, this.props);
      return h("p", { id: this.props.forID, className: "gongbao-fixed" }, this.name());
    },
  });
}

/**
 * Every control by the name that the configuration calls it.
 * @param {Decap} decap
 * @param {Record<string, number[]>} regions
 * @returns {Record<string, any>}
 */
export function createControls(decap, regions) {
  const { createClass } = decap;
  return {
    "gongbao-line": textControl(decap, "input", () => ({ type: "text", autoComplete: "off" })),
    "gongbao-text": textControl(decap, "textarea", ({ field }) => ({ rows: field.get("rows") ?? 4 })),
    "gongbao-places": placesControl(decap, regions),
    "gongbao-address": addressControl(decap),
    "gongbao-derived": createClass({ render: () => null }),
  };
}
