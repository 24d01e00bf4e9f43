"""What CSV files must not do to the spreadsheets they are opened in."""

from __future__ import annotations

__all__ = ["spreadsheet_safe"]


def spreadsheet_safe(cell: str) -> str:
    """A CSV cell that no spreadsheet takes for a formula: a quote goes before `= + - @`."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
