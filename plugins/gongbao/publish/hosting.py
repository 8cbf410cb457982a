"""What a host should send with each file, in the words of several hosts: one table of headers, three ways to say it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gongbao.addresses import ADMIN
from gongbao.publish.plan import VERSION_RE

POLICY = "Content-Security-Policy"
NO_FRAMES = "frame-ancestors 'none'"  # no page can say this of itself, only a header
SECURITY = {
    POLICY: f"default-src 'self'; base-uri 'none'; form-action 'self'; {NO_FRAMES}",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Only an address that has its content's hash never gets other content; everything else is asked for again, which
# costs a 304 without a body.
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
VERSION_FOLDER = VERSION_RE.pattern
CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".atom.xml": "application/atom+xml",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".txt": "text/plain; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".zip": "application/zip",
    ".pdf": "application/pdf",
    ".bin": "application/octet-stream",
}
OTHER_TYPE = "application/octet-stream"
# What nginx has room for in a map unless told otherwise: bytes of one key with what goes with it, and keys.
NGINX_BUCKET, NGINX_KEYS = 64, 2048

STATED_RE = re.compile(rf'<meta http-equiv="{POLICY}" content="([^"<>$\\]+)">')


def stated_policy(page: str) -> str:
    """The policy that a page states of itself, as the editing page does, with what only a header can say; or ''."""
    match = STATED_RE.search(page)
    return f"{match[1]}; {NO_FRAMES}" if match else ""


def content_type(path: str) -> str:
    """The type of a file by the longest suffix that is known."""
    fitting = [suffix for suffix in CONTENT_TYPES if path.endswith(suffix)]
    return CONTENT_TYPES[max(fitting, key=len)] if fitting else OTHER_TYPE


def cache_control(path: str) -> str:
    """How long browsers may keep a file without asking."""
    return FOREVER if VERSION_RE.match(path) else ASK_AGAIN


def headers_file(base: str, editing: str = "") -> bytes:
    """`_headers`, which Netlify, Cloudflare Pages and others read; `editing` is the policy of /admin/."""
    own = f"\n{base}{ADMIN}*\n  ! {POLICY}\n  {POLICY}: {editing}\n" if editing else ""
    everywhere = "".join(f"  {name}: {value}\n" for name, value in SECURITY.items())
    return (
        f"{base}/*\n{everywhere}  Cache-Control: {ASK_AGAIN}\n\n"
        # The first rule's value is taken back before theirs is set, or both would be sent.
        f"{base}/search-index/:version/*\n  ! Cache-Control\n  Cache-Control: {FOREVER}\n\n"
        f"{base}/theme/v/*\n  ! Cache-Control\n  Cache-Control: {FOREVER}\n{own}"
    ).encode()


def nginx_snippet(base: str, root: str) -> str:
    """What stands in a `server` block of nginx; `root` is the folder that is served under `base`.

    add_header isn't inherited by a block that has one of its own, so what differs by file is a map and no block has
    any.
    """
    values = SECURITY | {POLICY: "$gongbao_policy"}
    headers = "".join(f'add_header {name} "{value}" always;\n' for name, value in values.items())
    place = f'alias "{root}/";' if base else f'root "{root}";'
    return f"""\
# 在 server {{ … }} 里 include 本文件；在 http {{ … }} 里 include 旁边的 nginx-http.conf。
# brotli_static 要有 ngx_brotli 模块（Debian：libnginx-mod-http-brotli-static）；没有就删去那一行。
{headers}add_header Cache-Control $gongbao_cache always;

error_page 404 {base}/404.html;
absolute_redirect off;
if ($gongbao_redirect) {{
    return 301 $gongbao_redirect;
}}

location {base}/ {{
    {place}
    index index.html;
    charset utf-8;
    charset_types text/css text/csv text/javascript text/plain;
    gzip off;
    gzip_static on;
    gzip_vary on;
    brotli_static on;

    # types 只认最后一个扩展名，Atom 要另说。
    location ~ \\.atom\\.xml$ {{
        types {{ }}
        default_type {CONTENT_TYPES[".atom.xml"]};
    }}
}}
"""


def nginx_http_snippet(base: str, redirects: Mapping[str, str], editing: str = "") -> str:
    """What stands in the `http` block: types, caching, policies, and where old addresses lead."""
    own = f'    "~^{base}{ADMIN}" "{editing}";\n' if editing else ""
    types: dict[str, list[str]] = {}
    for suffix, kind in CONTENT_TYPES.items():
        if suffix.count(".") == 1:
            types.setdefault(kind.partition(";")[0], []).append(suffix.removeprefix("."))
    rows = "".join(f"    {kind} {' '.join(suffixes)};\n" for kind, suffixes in types.items())
    leads = _leads(base, redirects)
    moved = "".join(f'    "{old}" "{target}";\n' for old, target in leads.items())
    return f"""\
{_nginx_room(leads)}types {{
{rows}}}

map $uri $gongbao_cache {{
    default "{ASK_AGAIN}";
    "~^{base}/{VERSION_FOLDER}" "{FOREVER}";
}}

map $uri $gongbao_policy {{
    default "{SECURITY[POLICY]}";
{own}}}

map $uri $gongbao_redirect {{
    default "";
{moved}}}
"""


def _leads(base: str, redirects: Mapping[str, str]) -> dict[str, str]:
    """Every redirect as a path of the host; that of the home page without its slash is one."""
    home = {base: f"{base}/"} if base else {}
    return home | {f"{base}{old}": f"{base}{target}" for old, target in redirects.items()}


def _nginx_room(leads: Mapping[str, str]) -> str:
    """Directives for a map of longer or more addresses than nginx expects, without which it would not begin."""
    longest = max((len(old.encode()) for old in leads), default=0)
    bucket, keys = _power_of_two(longest + 32), _power_of_two(2 * len(leads))
    rows = [f"map_hash_bucket_size {bucket};\n"] if bucket > NGINX_BUCKET else []
    rows += [f"map_hash_max_size {keys};\n"] if keys > NGINX_KEYS else []
    return (
        "".join(["# 旧地址长或多，要这样写才放得下；别处写过的，两处取大的，只留一处。\n", *rows, "\n"]) if rows else ""
    )


def _power_of_two(least: int) -> int:
    return 1 << max(least - 1, 0).bit_length()


def caddy_snippet(base: str, root: str, redirects: Mapping[str, str], editing: str = "") -> str:
    """The same for Caddy, for a site's block of the Caddyfile."""
    headers = "".join(f'\t\t{name} "{value}"\n' for name, value in SECURITY.items() if name != POLICY)
    pages, own = "*", ""
    if editing:
        pages = "@pages"
        own = f'@editing path {base}{ADMIN}*\n@pages not path {base}{ADMIN}*\nheader @editing {POLICY} "{editing}"\n'
    moved = "".join(f"redir {old} {target} permanent\n" for old, target in _leads(base, redirects).items())
    return f"""\
# 在 Caddyfile 的网站块里 import 本文件。
{moved}@forever path_regexp ^{base}/{VERSION_FOLDER}
@asked not path_regexp ^{base}/{VERSION_FOLDER}
header @forever Cache-Control "{FOREVER}"
header @asked Cache-Control "{ASK_AGAIN}"
{own}header {pages} {POLICY} "{SECURITY[POLICY]}"
header {{
{headers}}}
handle_path {base}/* {{
{_caddy_types()}\troot * "{root}"
\tfile_server {{
\t\tprecompressed br gzip
\t}}
}}
handle_errors {{
\theader Cache-Control "{ASK_AGAIN}"
\theader Content-Type "{CONTENT_TYPES[".html"]}"
\trewrite * /404.html
\troot * "{root}"
\tfile_server {{
\t\tprecompressed br gzip
\t}}
}}
"""


def _caddy_types() -> str:
    """A type for each suffix: without this Caddy goes by the machine's own table, which knows few of them."""
    rows = []
    for number, (suffix, kind) in enumerate(CONTENT_TYPES.items()):
        longer = "".join(
            f"\t\tnot path *{other}\n" for other in CONTENT_TYPES if other.endswith(suffix) and other != suffix
        )
        rows.append(
            f'\t@type{number} {{\n\t\tpath *{suffix}\n{longer}\t}}\n\theader @type{number} Content-Type "{kind}"\n'
        )
    return "".join(rows)


def hosting_files(base: str, root: str, redirects: Mapping[str, str], editing: str = "") -> dict[str, str]:
    """The files for one's own server, by name; `editing` is the policy of /admin/, if it is there."""
    return {
        "nginx.conf": nginx_snippet(base, root),
        "nginx-http.conf": nginx_http_snippet(base, redirects, editing),
        "Caddyfile": caddy_snippet(base, root, redirects, editing),
    }
