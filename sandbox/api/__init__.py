"""The Web API of the local workspace: one file per method family."""
