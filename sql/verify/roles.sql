-- Verify coredepot:roles on pg

BEGIN;

SELECT 1 / (count(*) = 2)::int FROM pg_roles
 WHERE rolname IN ('coredepot_reader', 'coredepot_writer') AND rolcanlogin AND NOT rolsuper;

ROLLBACK;
