-- Revert coredepot:repeated_uploads from pg

BEGIN;

DROP FUNCTION find_upload(bigint, text, bigint, bytea, timestamptz, text, boolean);

COMMIT;
