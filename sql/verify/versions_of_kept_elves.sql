-- Verify coredepot:versions_of_kept_elves on pg

BEGIN;

SELECT 1 / (version_of_elf(0, '', '') IS NULL)::int;
SELECT 1 / (pg_get_functiondef('version_of_elf(bigint, text, text)'::regprocedure) LIKE '%kept_elves%')::int;

ROLLBACK;
