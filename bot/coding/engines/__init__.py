"""The sandboxes: each turns limits into a child that is locked in. See docs/security.md for their promises."""
