"""The handbook under /hilfe/: one page per role, and every e-mail with what sets it off."""
