"""Pure arithmetic of the domain: no Flask, no SQL, no clock."""
