"""The authored content: loaded, validated, cross-checked. A bad file is named and left out."""

from bot.bank.load import Bank, load_bank

__all__ = ["Bank", "load_bank"]
