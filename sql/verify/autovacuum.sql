-- Verify coredepot:autovacuum on pg

BEGIN;

SELECT 1 / (count(*) = 2)::int FROM pg_class
 WHERE oid IN ('coredumps'::regclass, 'devices'::regclass)
   AND 'autovacuum_vacuum_scale_factor=0.02' = ANY (reloptions);

ROLLBACK;
