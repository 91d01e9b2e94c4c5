-- Revert coredepot:times from pg

BEGIN;

DROP FUNCTION from_microseconds(bigint);
DROP FUNCTION microseconds(timestamptz);

COMMIT;
