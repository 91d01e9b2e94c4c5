-- Verify coredepot:dump_objects on pg

BEGIN;

SELECT object FROM coredumps WHERE false;
SELECT object FROM expired_files WHERE false;
SELECT 1 / (bucket_store() IS NOT NULL)::int;
SELECT 1 / has_function_privilege('coredepot_writer',
  'record_coredump(interval, interval, bigint, text, text, text, bigint, bytea, timestamptz, text, '
  'boolean, integer, boolean, text)', 'EXECUTE')::int;
SELECT 1 / has_function_privilege('coredepot_writer', 'expire_local_files(bigint, bigint, bigint, bigint)', 'EXECUTE')::int;

ROLLBACK;
