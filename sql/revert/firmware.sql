-- Revert coredepot:firmware from pg

BEGIN;

DROP TABLE firmware_versions;

COMMIT;
