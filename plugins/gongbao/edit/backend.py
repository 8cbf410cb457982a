"""Saving on the editor's own machine: what Decap's proxy backend asks for, answered from the content folder.

The questions are those of decap-server, which would need Node and let every file of the project be overwritten. Here
only articles and pictures can be written, and an article only if it can be built.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gongbao.archive import ARTICLES, IMAGES, article_files, check_folder, check_pictures, load_lists
from gongbao.article import check_picture_name, parse_article
from gongbao.problem import ContentError, Problem

ARTICLE_RE = re.compile(r"articles/\d{4}/[a-z0-9]+(?:-[a-z0-9]+)*\.md")
LARGEST_IMAGE = 10 * 1024 * 1024

Params = Mapping[str, Any]


class RefusalError(ValueError):
    """What was asked isn't done; the message, which the page shows, says why. `status` is that of HTTP."""

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.status = status


class Desk:
    """A content folder as the editing page sees it; names begin below it."""

    def __init__(self, content: Path) -> None:
        self.content = content.resolve()
        self._actions: dict[str, Callable[[Params], object]] = {
            "info": lambda _: {"repo": "content", "publish_modes": ["simple"], "type": "local_fs"},
            "entriesByFolder": self._list_entries,
            "entriesByFiles": lambda params: [self._read_entry(str(one["path"])) for one in params["files"]],
            "getEntry": lambda params: self._find_entry(str(params["path"])),
            "persistEntry": self._save_entry,
            "getMedia": lambda _: [self._read_image(path) for path in self._images()],
            "getMediaFile": lambda params: self._read_image(self._inside(str(params["path"]))),
            "persistMedia": self._save_image,
            "getNotes": lambda _: {"notes": []},
            "getDeployPreview": lambda _: None,
        }

    def answer(self, question: Mapping[str, Any]) -> object:
        """Do what is asked and give what Decap expects of it. Raises RefusalError."""
        action = str(question.get("action"))
        if action in {"deleteFile", "deleteFiles"}:
            raise RefusalError("编辑页不删文件：文章发布过的地址要一直在。确实要删，请在文件夹里删")
        if action not in self._actions:
            raise RefusalError(f"没有“{action}”这个操作")
        try:
            return self._actions[action](question.get("params") or {})
        except (KeyError, TypeError, AttributeError) as error:
            raise RefusalError(f"请求不完整：{error}", 400) from None

    def _inside(self, name: str) -> Path:
        path = (self.content / name).resolve()
        if not path.is_relative_to(self.content) or not path.is_file():
            raise RefusalError(f"没有 {name} 这个文件", 404)
        return path

    def _read_entry(self, name: str) -> object:
        path = self._inside(name)
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        return {"data": text, "file": {"path": name, "label": None, "id": _hash(text.encode())}}

    def _find_entry(self, name: str) -> object:
        """Decap asks for what may not be there, to know whether a name is free."""
        if not (self.content / name).exists():
            return {"data": None, "file": {"path": name, "label": None, "id": None}}
        return self._read_entry(name)

    def _list_entries(self, params: Params) -> object:
        if params["folder"] != ARTICLES:
            raise RefusalError(f"没有 {params['folder']} 这个文件夹")
        return [self._read_entry(path.relative_to(self.content).as_posix()) for path in article_files(self.content)]

    def _save_entry(self, params: Params) -> object:
        files = params.get("dataFiles") or [params["entry"]]
        for file in files:
            self._check(str(file["path"]), str(file["raw"]))
        for asset in params.get("assets") or []:
            self._save_image({"asset": asset})
        for file in files:
            _write(self.content / file["path"], _tidy(str(file["raw"])).encode())
        return {"message": "entry persisted"}

    def _check(self, name: str, text: str) -> None:
        """Raises RefusalError with every mistake, in the words of `check`."""
        known = {path.relative_to(self.content).as_posix() for path in article_files(self.content)}
        if not ARTICLE_RE.fullmatch(name) and name not in known:
            raise RefusalError(f"文章应存为 articles/年份/文件名.md，不能存为 {name}")
        try:
            article, _ = parse_article(Path(name), _tidy(text), load_lists(self.content))
        except ContentError as error:
            raise RefusalError(_in_words(error.problems)) from None
        if others := (*check_folder(article), *check_pictures(article, self.content)):
            raise RefusalError(_in_words(others))

    def _images(self) -> list[Path]:
        return [path for path in sorted((self.content / IMAGES).rglob("*")) if path.is_file()]

    def _read_image(self, path: Path) -> object:
        data = path.read_bytes()
        name = path.relative_to(self.content).as_posix()
        encoded = base64.b64encode(data).decode()
        return {"id": _hash(data), "content": encoded, "encoding": "base64", "path": name, "name": path.name}

    def _save_image(self, params: Params) -> object:
        asset = params["asset"]
        name = str(asset["path"])
        folder, _, file = name.partition("/")
        if folder != IMAGES or (message := check_picture_name(file)):
            raise RefusalError(message if folder == IMAGES else f"图片应存在 {IMAGES}/ 里，不能存为 {name}")
        try:
            data = base64.b64decode(asset["content"], validate=True)
        except binascii.Error:
            raise RefusalError(f"图片 {name} 没有传完整", 400) from None
        if len(data) > LARGEST_IMAGE:
            raise RefusalError(f"图片 {name} 超过 10 MB，请先缩小")
        _write(self.content / name, data)
        return self._read_image(self.content / name)


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").rstrip() + "\n"


def _in_words(problems: tuple[Problem, ...]) -> str:
    return "；".join(f"第 {problem.line} 行：{problem.message}" for problem in problems)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _write(path: Path, data: bytes) -> None:
    """In one step: a reader of the folder sees the file as it was or as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
