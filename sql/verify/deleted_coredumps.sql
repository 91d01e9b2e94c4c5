-- Verify coredepot:deleted_coredumps on pg

BEGIN;

SELECT device_key, filename, sha256, deleted_at FROM deleted_coredumps WHERE false;
SELECT 1 / (count(*) = 1)::int FROM pg_trigger
 WHERE tgrelid = 'coredumps'::regclass AND tgfoid = 'note_deleted_coredump()'::regprocedure;
SELECT 1 / (count(*) = 1)::int FROM pg_trigger
 WHERE tgrelid = 'devices'::regclass AND tgfoid = 'note_deleted_device()'::regprocedure;
SELECT 1 / has_table_privilege('coredepot_writer', 'deleted_coredumps', 'INSERT')::int;

ROLLBACK;
