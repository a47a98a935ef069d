"""Everything that changes data: check, act, audit, in one transaction. by= names the actor."""
