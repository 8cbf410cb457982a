/**
 * Decap's Chinese, where its words would mislead: its "发布" only saves a file, and an article's own status says
 * whether it is published.
 * @module
 */

/** @typedef {{ [name: string]: string | Phrases }} Phrases */

/** @type {Phrases} */
const WORDS = {
  app: { header: { content: "文章", media: "图片", quickAdd: "新建" } },
  collection: {
    sidebar: { collections: "编辑", searchAll: "查找……" },
    collectionTop: { newButton: "新建%{collectionLabel}", newButtonAriaLabel: "新建%{collectionLabel}" },
  },
  editor: {
    editorControl: { field: { optional: "可不填" } },
    editorControlPane: { widget: { required: "请填“%{fieldLabel}”", regexPattern: "%{pattern}" } },
    editor: { confirmLoadBackup: "上次没有保存的内容还在，要接着写吗？", onLeavePage: "有改动没有保存，要离开吗？" },
    editorToolbar: {
      publish: "保存",
      publishing: "正在保存……",
      published: "已保存",
      publishNow: "保存",
      publishAndCreateNew: "保存，再写一篇",
      publishAndDuplicate: "保存，再复制一份",
      backCollection: "%{collectionLabel}",
      unsavedChanges: "有改动没有保存",
      changesSaved: "没有改动",
      deployButtonLabel: "在网站上看",
      deployPreviewButtonLabel: "在网站上看",
      deployPreviewPendingButtonLabel: "在网站上看",
    },
    editorWidgets: { list: { add: "加一条%{item}" } },
  },
  ui: {
    default: { goBackToSite: "回到网站" },
    settingsDropdown: { logOut: "退出登录" },
    toast: {
      onFailToLoadEntries: "文章没有读出来：%{details}",
      onFailToPersist: "没有保存：%{details}",
      missingRequiredField: "没有保存：有的地方要改，看红字",
      entrySaved: "已保存",
      entryPublished: "已保存",
    },
  },
};

/**
 * @param {Phrases} phrases
 * @param {Phrases} changes
 * @returns {Phrases}
 */
function merge(phrases, changes) {
  const merged = { ...phrases };
  for (const [name, change] of Object.entries(changes)) {
    const own = merged[name];
    merged[name] = typeof change === "object" && typeof own === "object" ? merge(own, change) : change;
  }
  return merged;
}

/**
 * The phrases of the page: Decap's own, with ours in their places.
 * @param {Phrases} phrases
 * @returns {Phrases}
 */
export function ownWords(phrases) {
  return merge(phrases, WORDS);
}
