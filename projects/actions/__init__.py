"""What is done to the catalogue, and how a statement that a solution is reused becomes public."""

from projects.actions.curating import mark_as_checked, merge_themes

__all__ = ["mark_as_checked", "merge_themes"]
