"""Chance for production: seeds, tokens and codes from the operating system's source."""

import secrets


class SystemChance:
    """See ``services.ports.Chance``."""

    def seed(self) -> int:
        """Draw a seed of 63 bits: what a signed big integer column holds."""
        return secrets.randbits(63)

    def token(self) -> str:
        """Draw 32 hexadecimal characters."""
        return secrets.token_hex(16)

    def code(self) -> str:
        """Draw nine digits."""
        return f"{secrets.randbelow(10**9):09d}"

    def jitter(self) -> float:
        """Draw a number from 0 to 1."""
        return secrets.randbelow(1_000_001) / 1_000_000
