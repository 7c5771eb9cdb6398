"""The world outside the workspace: mailboxes, telephones, and a stand-in for Stripe."""
