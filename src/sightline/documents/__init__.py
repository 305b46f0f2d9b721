"""Documents of any product: blocks that say what a report says, and what sets them as PDF and as HTML.

A report is a `Document`, built of the blocks in `blocks.py`; `document_pdf` and `document_html` make one self-contained
file of it, with the fonts inside. Both give the same bytes for the same document.
"""
