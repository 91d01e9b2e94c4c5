-- Revert coredepot:hosts from pg

BEGIN;

DROP FUNCTION take_host_name(text, text);
DROP TABLE hosts;

COMMIT;
