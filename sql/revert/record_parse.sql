-- Revert coredepot:record_parse from pg

BEGIN;

DROP FUNCTION record_parse(bigint, uuid, text, text, text, json, text, bigint, bigint);

COMMIT;
