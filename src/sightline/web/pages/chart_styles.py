"""How the chart library lives with a policy that allows no inline style.

Plotly adds rules to the style sheet `#plotly.js-style-global`, unless an element of that id has the class
`no-inline-styles`: the page's own sheet has both, and the few rules that a chart needs. The maps in the library's
bundle know no such word. On loading they write a `style` element into the page, unless there is an element with the
id that they give it: we draw no maps, so an empty element takes its place. Nothing of the policy has to be given up.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from sightline.web.pages.assets import PLOTLY, read_asset

_WRITTEN: Final = re.compile(
    rb'document\.getElementById\("([0-9a-f]{64})"\)\)\{var \w+=document\.createElement\("style"\)'
)
"""The ids are digests, others in each version of the library."""


@cache
def written_style_ids() -> tuple[str, ...]:
    """The ids of the style elements that the library writes on loading where they are missing."""
    return tuple(sorted({found.decode() for found in _WRITTEN.findall(read_asset(PLOTLY).plain)}))
