"""The vault: what is sealed is read in its place alone, with its key; marks find, and tell nothing."""

import pytest

from bot.vault import KeyVault
from services.outside import CannotUnseal

OLD, NEW = "the key of last year", "the key of this year"


def test_what_is_sealed_is_read_in_its_place() -> None:
    """In any letters; sealed twice it looks different each time, and never like what it is."""
    vault = KeyVault([NEW])
    for text in ("", "123456789", "à bientôt 李明", "x" * 100):
        first, second = vault.seal(text, "code a.1"), vault.seal(text, "code a.1")
        assert first != second
        assert text == "" or text not in first
        assert vault.unseal(first, "code a.1") == vault.unseal(second, "code a.1") == text
    assert len(vault.seal("x" * 100, "link a.1")) <= 255  # its column


def test_nothing_else_can_be_read() -> None:
    """Another place, another key, a changed letter, or something that was never sealed."""
    vault = KeyVault([NEW])
    sealed = vault.seal("123456789", "code a.1")
    name, _, held = sealed.partition(".")
    changed = f"{name}.{held[:8]}{'A' if held[8] != 'A' else 'B'}{held[9:]}"
    stranger = KeyVault([OLD]).seal("123456789", "code a.1")
    renamed = f"{name}.{stranger.partition('.')[2]}"
    for wrong in (changed, stranger, renamed, "", ".", name, f"{name}.", f"{name}.?", f"{name}.AAAA", "ü.ü"):
        with pytest.raises(CannotUnseal):
            vault.unseal(wrong, "code a.1")
    for place in ("code a.2", "link a.1", ""):
        with pytest.raises(CannotUnseal):
            vault.unseal(sealed, place)


def test_a_new_key_in_front_reads_what_the_old_one_sealed() -> None:
    """What is sealed from now on needs the new one alone."""
    sealed = KeyVault([OLD]).seal("123456789", "p")
    both = KeyVault([NEW, OLD])

    assert both.unseal(sealed, "p") == "123456789"
    assert not both.is_newest(sealed)
    anew = both.seal("123456789", "p")
    assert both.is_newest(anew)
    assert KeyVault([NEW]).unseal(anew, "p") == "123456789"


def test_a_mark_finds_under_every_key_and_for_one_purpose() -> None:
    """The newest first; 64 hexadecimal characters; another text, purpose or key is another mark."""
    both, alone = KeyVault([NEW, OLD]), KeyVault([OLD])
    marks = both.marks("123456789", "code")

    assert marks == [KeyVault([NEW]).mark("123456789", "code"), alone.mark("123456789", "code")]
    assert both.mark("123456789", "code") == marks[0]
    assert all(len(one) == 64 and int(one, 16) for one in marks)
    others = {both.mark("123456788", "code"), both.mark("123456789", "phone"), both.mark("e123456789", "cod")}
    assert len(others | set(marks)) == 5


def test_a_vault_without_a_key_is_none() -> None:
    """Nothing is sealed by accident with an empty one."""
    with pytest.raises(ValueError, match="needs a key"):
        KeyVault([])
