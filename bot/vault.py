"""Secrets in the database: AES-256-GCM, bound to the place they stand in; and keyed hashes to find them by.

Keys are derived from SESSIONS_SECRET_KEY, one for each use. Each sealed text names the key it was made with,
so that a new key can be put in front and the old ones still read.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.outside import CannotUnseal

NONCE = 12  # bytes: what GCM takes


class KeyVault:
    """See ``services.outside.Vault``. *keys* are the words of SESSIONS_SECRET_KEY, the newest first."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("a vault needs a key")
        self._sealing = {_name(key): AESGCM(_derived(key, "seal")) for key in reversed(keys)}
        self._marking = [_derived(key, "mark") for key in keys]
        self._newest = _name(keys[0])

    def seal(self, text: str, place: str) -> str:
        """ "<key's name>.<nonce and text>"."""
        nonce = os.urandom(NONCE)
        sealed = self._sealing[self._newest].encrypt(nonce, text.encode(), self._where(self._newest, place))
        return f"{self._newest}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def unseal(self, sealed: str, place: str) -> str:
        """Raises CannotUnseal for another key, another place, or a changed text."""
        name, _dot, coded = sealed.partition(".")
        try:
            held = base64.urlsafe_b64decode(coded)
            return self._sealing[name].decrypt(held[:NONCE], held[NONCE:], self._where(name, place)).decode()
        except (KeyError, ValueError, InvalidTag):
            raise CannotUnseal from None

    def is_newest(self, sealed: str) -> bool:
        """Whether it was sealed with the newest key."""
        return sealed.startswith(f"{self._newest}.")

    def mark(self, text: str, purpose: str) -> str:
        """HMAC-SHA256 under the newest key."""
        return self.marks(text, purpose)[0]

    def marks(self, text: str, purpose: str) -> Sequence[str]:
        """HMAC-SHA256 under each key."""
        message = f"{purpose}\x00{text}".encode()
        return [hmac.new(key, message, hashlib.sha256).hexdigest() for key in self._marking]

    @staticmethod
    def _where(name: str, place: str) -> bytes:
        return f"{name}|{place}".encode()


def _name(key: str) -> str:
    """Tells keys apart, and says nothing about them."""
    return hashlib.sha256(b"sessions key name\x00" + key.encode()).hexdigest()[:8]


def _derived(key: str, use: str) -> bytes:
    return hmac.new(key.encode(), f"sessions {use}".encode(), hashlib.sha256).digest()
