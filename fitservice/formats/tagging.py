"""Tags inside tags in a PDF, so that a table is heard as rows and cells; fpdf2 itself knows a flat list only."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fpdf.structure_tree import StructElem, StructureTreeBuilder
from fpdf.syntax import PDFObject

if TYPE_CHECKING:
    from fpdf import FPDF


class Group(StructElem):
    """A tag that holds tags, all on one page: it hands its page on to them."""

    a: str | None = None
    """A header cell's direction, as the PDF says it."""

    @property  # type: ignore[override]
    def pg(self) -> PDFObject | None:
        """The page."""
        return self.__dict__.get("_page")

    @pg.setter
    def pg(self, page: PDFObject | None) -> None:
        """Its own and that of all inside it."""
        self.__dict__["_page"] = page
        for inner in self.k:
            inner.pg = page


class Tree(StructureTreeBuilder):
    """fpdf2's tree of tags, with groups."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[StructElem] = [self.doc_struct_elem]
        self.marked: Counter[int] = Counter()

    def add_marked_content(
        self,
        page_number: int,
        struct_type: str,
        mcid: int | None = None,
        title: str | None = None,
        alt_text: str | None = None,
    ) -> tuple[StructElem, int]:
        """A tag in the group that is open, or in the document itself."""
        element, place = super().add_marked_content(page_number, struct_type, mcid, title, alt_text)
        self.marked[page_number] += 1
        if len(self.open) > 1:
            self.doc_struct_elem.k.pop()
            element.p = self.open[-1]
            self.open[-1].k.append(element)
        return element, place

    def next_mcid_for_page(self, page_number: int) -> int:
        """How many pieces of the page have a tag already."""
        return self.marked[page_number]

    def __iter__(self) -> Iterator[PDFObject]:
        """Every tag, the root first."""
        yield from (self.struct_tree_root, self.doc_struct_elem, self.struct_tree_root.parent_tree)
        yield from _all_in(self.doc_struct_elem)


def _all_in(element: StructElem) -> Iterator[StructElem]:
    for inner in element.k:
        if isinstance(inner, StructElem):
            yield inner
            yield from _all_in(inner)


@contextmanager
def grouped(pdf: "FPDF", kind: str, scope: str = "") -> Iterator[None]:
    """What is tagged inside belongs to this tag (Table, TR, TH, TD); scope is a header's 'Row' or 'Column'."""
    tree = pdf.struct_builder
    assert isinstance(tree, Tree)  # noqa: S101 - new_document makes no other
    group = Group(f"/{kind}", tree.open[-1], [], pdf.page)
    group.a = f"<</O /Table /Scope /{scope}>>" if scope else None
    tree.open[-1].k.append(group)
    tree.open.append(group)
    yield
    tree.open.pop()
