-- Revert coredepot:quick_uploads from pg

BEGIN;

DROP FUNCTION record_upload(interval, interval, bigint, text, text, text, bigint, bytea, timestamptz, integer, text);

COMMIT;
