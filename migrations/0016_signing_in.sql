-- Tries at passwords and codes: what makes one wait, and what the next sign-in tells. Forgotten after ninety days.
CREATE TABLE sign_in_tries (
    -- counts up: what is after the last right one is decided by it
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    -- none for a username that nobody has; what was typed is not kept
    staff_id INTEGER REFERENCES staff (id),
    address TEXT,
    -- wrong until it is known to be right, so that tries at once are no more tries
    outcome TEXT NOT NULL DEFAULT 'wrong' CHECK (outcome IN ('wrong', 'right', 'forgiven'))
) STRICT;
CREATE INDEX sign_in_tries_staff ON sign_in_tries (staff_id, id);
CREATE INDEX sign_in_tries_address ON sign_in_tries (address, at);
CREATE INDEX sign_in_tries_at ON sign_in_tries (at);

-- 'Firefox, Windows', never more of what a browser says of itself
ALTER TABLE sign_ins ADD COLUMN browser TEXT CHECK (length(browser) <= 40);
-- how it began: by the service's own password or through the city's sign-in
ALTER TABLE sign_ins ADD COLUMN method TEXT NOT NULL DEFAULT 'password' CHECK (method IN ('password', 'oidc'));
-- what it told when it began: the sign-in before, and the wrong tries since
ALTER TABLE sign_ins ADD COLUMN previous_at TEXT;
ALTER TABLE sign_ins ADD COLUMN misses INTEGER NOT NULL DEFAULT 0;

-- A second step beside the password: a code that an app makes from a secret (TOTP, RFC 6238).
CREATE TABLE second_steps (
    staff_id INTEGER PRIMARY KEY REFERENCES staff (id),
    -- sealed, in the place 'staff.totp:<staff_id>'; none until a code made from it was given
    secret TEXT,
    -- the latest half-minute whose code was taken: none is taken twice
    last_step INTEGER,
    -- a new secret, sealed likewise, that waits for its first code
    pending TEXT,
    pending_at TEXT,
    CHECK ((secret IS NULL) = (last_step IS NULL)),
    CHECK ((pending IS NULL) = (pending_at IS NULL))
) STRICT;

-- For whoever has lost the app: each works once.
CREATE TABLE recovery_codes (
    id INTEGER PRIMARY KEY,
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    code_hash TEXT NOT NULL UNIQUE,
    used_at TEXT
) STRICT;
CREATE INDEX recovery_codes_staff ON recovery_codes (staff_id);

-- An account of the city's own sign-in (OpenID Connect) is known by who vouches for it and how it is called there.
ALTER TABLE staff ADD COLUMN oidc_issuer TEXT;
ALTER TABLE staff ADD COLUMN oidc_subject TEXT;
CREATE UNIQUE INDEX staff_oidc ON staff (oidc_issuer, oidc_subject) WHERE oidc_subject IS NOT NULL;
-- may sign in by password where the others may not: for the day when the city's sign-in is down
ALTER TABLE staff ADD COLUMN break_glass INTEGER NOT NULL DEFAULT 0 CHECK (break_glass IN (0, 1));
