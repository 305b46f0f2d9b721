"""Scripts are sent as one, and do what they would do apart."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from sightline.web.pages.modules import joined

MODULES = {
    "entry.js": """// The start.
import { add as plus, one } from "./numbers.js";
import * as words from "./words.js";
import "./effect.js";
import {
  Failure,
} from "./failure.js";
/** @typedef {import("./nowhere.js").Kind} Kind */
const later = await_(async () => (await import("./late.js")).late());
function await_(f) { return f(); }
later.then((late) => console.log(JSON.stringify(
  [plus(one, 2), words.hello("you"), globalThis.effects, new Failure("a") instanceof Failure, late])));
""",
    "numbers.js": """export const one = 1;
export function add(a, b) { return a + b; }
export async function unused() { await 0; }
const hidden = 1;
""",
    "words.js": """import { one } from "./numbers.js";
const hidden = one;
export function hello(name) { return `hello ${name} ${hidden}`; }
""",
    "effect.js": "globalThis.effects = (globalThis.effects ?? 0) + 1;\n",
    "failure.js": "export class Failure extends Error {}\n",
    "late.js": """import { Failure } from "./failure.js";
import "./effect.js";
export function late() { return new Failure("late").message; }
""",
}


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
def test_joined_scripts_do_the_same(tmp_path: Path) -> None:
    def printed(folder: Path) -> object:
        command = [shutil.which("node") or "node", str(folder / "entry.js")]
        return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    apart, together = tmp_path / "apart", tmp_path / "together"
    for folder in (apart, together):
        folder.mkdir()
        (folder / "package.json").write_text('{"type": "module"}')
    for name, text in MODULES.items():
        (apart / name).write_text(text)
    (together / "entry.js").write_text(joined("entry.js", MODULES.__getitem__))
    assert printed(together) == printed(apart) == [3, "hello you 1", 1, True, "late"]


def test_what_several_need_is_there_once_and_first() -> None:
    text = joined("entry.js", MODULES.__getitem__)
    assert text.count("const $numbers = ") == 1
    assert text.index("const $numbers = ") < text.index("const $words = ") < text.index("const $entry = ")


@pytest.mark.parametrize(
    "text",
    [
        'import x from "./a.js";',
        'import { x } from "https://example.com/x.js";',
        'import { x } from "./a.js"',
        "export default 1;",
        "export { x };",
        "export let x = 1;",
        "await x;",
    ],
)
def test_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"x\.js: cannot be joined"):
        joined("x.js", {"x.js": text, "a.js": ""}.__getitem__)


def test_scripts_that_import_each_other_are_refused() -> None:
    modules = {"a.js": 'import { b } from "./b.js";', "b.js": 'import { a } from "./a.js";'}
    with pytest.raises(ValueError, match=r"a\.js -> b\.js -> a\.js"):
        joined("a.js", modules.__getitem__)
