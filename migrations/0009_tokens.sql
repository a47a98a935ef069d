-- A token for the API ends by itself, is good for a part of the API only, and is used so often a minute.

-- NULL opens nothing; tokens from before this migration last a year from the day they were made
ALTER TABLE api_tokens ADD COLUMN expires_at TEXT;
UPDATE api_tokens SET expires_at = strftime('%Y-%m-%dT%H:%M:%S+00:00', created_at, '+365 days');

-- to the hour, so that most requests need not write it
ALTER TABLE api_tokens ADD COLUMN last_used_at TEXT;

ALTER TABLE api_tokens ADD COLUMN scopes TEXT NOT NULL DEFAULT 'figures gaps'
    CHECK (scopes IN ('figures', 'gaps', 'figures gaps'));

-- How many requests each token made in its running minute, which began with the first of them (seconds since 1970).
-- All the service's processes count here; the rows are worth nothing a minute later.
CREATE TABLE api_requests (
    token_id INTEGER PRIMARY KEY REFERENCES api_tokens (id),
    minute_began INTEGER NOT NULL,
    requests INTEGER NOT NULL CHECK (requests >= 1)
) STRICT;
