"""What one does to a codebook: change, add, rename, merge, split, retire; each gives a new text.

Old labels follow the codes of the version that the work began with. Whatever is done to a code
after that, and in whatever order, its entry says what became of the code of that version.
"""

from collections.abc import Mapping, Sequence

from ..codebook import DEFAULT_CODEBOOK, Code, Codebook, Theme
from ..codebook_fates import Fates, quoted
from ..codebook_file import codebook_source
from .checking import KINDS, Place, WrongEditError, checked, codes_of, examined
from .entries import Entry, value_of
from .fields import CodeFields, changed_keys, fields_of, name_keys, new_entry
from .references import Keys, inherited_types, own_types, owner_of, refer
from .text import Text
from .writing import Plain, one_line

_LISTS = {"finding_type": "finding_types", "theme": "themes"}


class Editing:
    """A codebook's text that somebody works on, and the version that they began with."""

    def __init__(self, source: str, base: Codebook) -> None:
        """Reads the text.

        Raises:
            WrongEditError: it cannot be read; only the text itself can be mended then.
        """
        found = examined(source)
        if found.codebook is None:
            raise WrongEditError(
                "The text of the draft cannot be read: %(problem)s", problem=str(found.problems[0])
            )
        self.source = source
        self.base = base
        self.book = found.codebook

    def change(self, kind: str, code_id: str, fields: CodeFields) -> str:
        """The text in which a code says something else; its id and place stay."""
        code, text = self._code(kind, code_id), self._text(kind)
        entry, after = text.find(kind, code_id), fields.cleaned()
        keys = changed_keys(
            fields_of(code),
            after,
            inherited=inherited_types(text, owner_of(text, entry)),
            every_type=self.book.finding_type_ids,
            has_name=value_of(entry.node, "name") is not None,
        )
        if not keys:
            return self.source
        return self._checked(text.with_keys([(entry, keys)]), said={(kind, code_id): after})

    def add(
        self,
        kind: str,
        code_id: str,
        fields: CodeFields,
        *,
        group: str = "",
        parent: str = "",
        new_group: tuple[str, str] | None = None,
    ) -> str:
        """The text with one code more.

        Args:
            kind: 'finding_type' or 'theme'.
            code_id: Its id.
            fields: What it says.
            group: A theme's group.
            parent: The theme that it is a part of; its group is the same then.
            new_group: Id and name of a group to make for it.
        """
        self._check_free(kind, code_id)
        text, after = self._text(kind), fields.cleaned()
        owner = None if new_group else self._owner(text, kind, group, parent)
        entry = new_entry(
            code_id,
            after,
            inherited=inherited_types(text, owner),
            every_type=self.book.finding_type_ids,
        )
        key = _LISTS[kind]
        if new_group:
            group_id, name = new_group
            key, entry = "groups", {"id": group_id, "name": one_line(name), "themes": [entry]}
        return self._checked(text.added(owner, key, entry), said={(kind, code_id): after})

    def rename(self, kind: str, old: str, new: str) -> str:
        """The text in which a code has another id; its labels go with it."""
        code = self._code(kind, old)
        self._check_free(kind, new)
        text, was = self._text(kind), self._fates(kind).before.get(old)
        keys: Keys = {(kind, old): {"id": new}}
        if was is not None and not was.retired:
            said = [one for one in code.renamed_from if one not in (was.id, new)]
            said += [was.id] if was.id != new else []
            keys[kind, old]["renamed_from"] = said or None
        refer(keys, text, kind, old, new, history=was is None)
        return self._checked(_with(text, keys), touched={(kind, old), (kind, new)})

    def merge(self, kind: str, old: str, into: str) -> str:
        """The text in which the labels of a code are another one's; the code is retired."""
        code, target = self._code(kind, old), self._code(kind, into)
        if old == into:
            raise WrongEditError(
                "'%(id)s' cannot be merged into itself. Choose another one.", id=old
            )
        self._check_childless(kind, old)
        text, fates = self._text(kind), self._fates(kind)
        was = fates.before.get(old)
        origins = list(fates.merged.get(old, []))
        if was is not None and not was.retired:
            origins.append(was.id)
        keys: Keys = {}
        said = [one for one in dict.fromkeys([*target.merged_from, *origins]) if one != into]
        if said != list(target.merged_from):
            keys[kind, into] = {"merged_from": said}
        refer(keys, text, kind, old, into)
        return self._laid_down(text, keys, kind, code, merged=True)

    def split(
        self, kind: str, old: str, parts: Sequence[tuple[str, CodeFields]], *, keep: bool
    ) -> str:
        """The text in which several codes take over from one; each part has an id of its own.

        Args:
            kind: 'finding_type' or 'theme'.
            old: The code.
            parts: The new codes.
            keep: Whether it goes on, narrower, as one of the parts.
        """
        code, text = self._code(kind, old), self._text(kind)
        if len(parts) + keep < 2:
            raise WrongEditError("'%(id)s' is to become several codes. Add one more.", id=old)
        was = self._fates(kind).before.get(old)
        origin = (was.id,) if was is not None and not was.retired else ()
        types = code.goes_with if isinstance(code, Theme) else ()
        added: dict[Place, CodeFields] = {}
        for part_id, fields in reversed(parts):
            self._check_free(kind, part_id)
            if (kind, part_id) in added:
                raise WrongEditError("Two of the parts have the same id. Give each its own.")
            after = CodeFields(
                fields.names, fields.definition, goes_with=types, split_from=origin
            ).cleaned()
            added[kind, part_id] = after
            place = text.find(kind, old)
            owner = owner_of(text, place)
            entry = new_entry(
                part_id,
                after,
                inherited=inherited_types(text, owner),
                every_type=self.book.finding_type_ids,
            )
            text = text.added(owner, _LISTS[kind], entry, after=place)
        if keep:
            return self._checked(text, said=added)
        self._check_childless(kind, old)
        keys: Keys = {}
        refer(keys, text, kind, old, None)
        return self._laid_down(text, keys, kind, code, said=added)

    def retire(self, kind: str, code_id: str) -> str:
        """The text in which a code is no longer given; one that is new is taken out."""
        code, text = self._code(kind, code_id), self._text(kind)
        self._check_childless(kind, code_id)
        keys: Keys = {}
        refer(keys, text, kind, code_id, None)
        return self._laid_down(text, keys, kind, code)

    def take_up(self, kind: str, code_id: str) -> str:
        """The text in which a retired code is given again."""
        self._code(kind, code_id)
        keys: Keys = {(kind, code_id): {"retired": None}}
        for other, olds in self._fates(kind).merged.items():
            # What was merged since the work began is not: both go on.
            if code_id in olds:
                said = [one for one in self._code(kind, other).merged_from if one != code_id]
                keys[kind, other] = {"merged_from": said or None}
        return self._checked(_with(self._text(kind), keys), touched={(kind, code_id)})

    def move(self, theme_id: str, *, group: str = "", parent: str = "") -> str:
        """The text in which a theme, with those below it, stands elsewhere."""
        self._code("theme", theme_id)
        parents = {one.id: one.parent for one in (*self.book.themes, *self.book.retired_themes)}
        above = parent
        while above:
            if above == theme_id:
                raise WrongEditError(
                    "'%(id)s' cannot stand below itself. Choose another place.", id=theme_id
                )
            above = parents.get(above, "")
        text = self._text("theme")
        entry = text.find("theme", theme_id)
        if value_of(entry.node, "parent") is not None:
            text = text.with_keys([(entry, {"parent": None})])
            entry = text.find("theme", theme_id)
        return self._checked(text.moved(entry, self._owner(text, "theme", group, parent)))

    def change_group(
        self, group_id: str, names: Mapping[str, str], goes_with: tuple[str, ...]
    ) -> str:
        """The text in which a group has other names, or other finding types for its themes."""
        text = Text(self.source)
        entry, after = text.find("group", group_id), CodeFields(names, "").cleaned()
        keys: dict[str, Plain | None] = {}
        if dict(after.names) != dict(self.book.groups.get(group_id, {})):
            keys |= name_keys(after.names, has_name=value_of(entry.node, "name") is not None)
        if set(goes_with) != set(own_types(entry)):
            keys["goes_with"] = list(goes_with) or None
        return self._checked(text.with_keys([(entry, keys)])) if keys else self.source

    def group_types(self, group_id: str) -> tuple[str, ...]:
        """The finding types that the themes of a group go with where they say none."""
        return own_types(Text(self.source).find("group", group_id))

    def _text(self, kind: str) -> Text:
        text = Text(self.source)
        if kind == "finding_type" and value_of(text.root, "finding_types") is None:
            # The usual four are not written in the file; they have to be, to be changed.
            usual = Text(codebook_source(DEFAULT_CODEBOOK)).lines_of("finding_types")
            first = next(k for k in ("groups", "themes", "") if not k or value_of(text.root, k))
            return text.with_lines(usual, first)
        return text

    def _code(self, kind: str, code_id: str) -> Code:
        found = next((one for one in codes_of(self.book, kind) if one.id == code_id), None)
        if found is None:
            raise WrongEditError("'%(id)s' is no longer in the draft.", id=code_id)
        return found

    def _fates(self, kind: str) -> Fates[Code]:
        old, new = codes_of(self.base, kind), codes_of(self.book, kind)
        return Fates(KINDS[kind], {one.id: one for one in old}, {one.id: one for one in new}, ())

    def _check_free(self, kind: str, code_id: str) -> None:
        for one in codes_of(self.book, kind):
            if one.id.casefold() != code_id.casefold():
                continue
            if one.retired:
                raise WrongEditError(
                    "There is a retired code '%(id)s' already. Give another id.", id=one.id
                )
            raise WrongEditError("There is a code '%(id)s' already. Give another id.", id=one.id)

    def _check_childless(self, kind: str, code_id: str) -> None:
        below = [one.id for one in self.book.themes if one.parent == code_id]
        if kind == "theme" and below:
            raise WrongEditError(
                "Below '%(id)s' stands %(below)s. Move what is below it first.",
                id=code_id,
                below=quoted(below),
            )

    def _owner(self, text: Text, kind: str, group: str, parent: str) -> Entry | None:
        if kind != "theme" or not (group or parent):
            return None
        return text.find("theme", parent) if parent else text.find("group", group)

    def _laid_down(
        self,
        text: Text,
        keys: Keys,
        kind: str,
        code: Code,
        *,
        merged: bool = False,
        said: Mapping[Place, CodeFields] | None = None,
    ) -> str:
        """A code that is no longer given: retired, or taken out where it was only just added."""
        fates = self._fates(kind)
        was = fates.before.get(code.id)
        if was is None:
            text = _with(text, keys)
            text = text.without(text.find(kind, code.id))
            return self._checked(text, said=said, touched={(kind, code.id)})
        own = keys.setdefault((kind, code.id), {})
        own["retired"] = True
        if was.id != code.id:
            own["id"] = was.id
            own["renamed_from"] = [one for one in code.renamed_from if one != was.id] or None
        if merged and (taken := fates.merged.get(code.id)):
            own["merged_from"] = [one for one in code.merged_from if one not in taken] or None
        touched = {(kind, code.id), (kind, was.id)}
        return self._checked(_with(text, keys), said=said, touched=touched)

    def _checked(
        self,
        text: Text,
        *,
        said: Mapping[Place, CodeFields] | None = None,
        touched: set[Place] | None = None,
    ) -> str:
        return checked(self.source, text.source, said or {}, touched or set())


def _with(text: Text, keys: Keys) -> Text:
    return text.with_keys([(text.find(*one), changed) for one, changed in keys.items()])
