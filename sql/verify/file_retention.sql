-- Verify coredepot:file_retention on pg

BEGIN;

SELECT 1 / has_function_privilege('coredepot_writer', 'take_in_file_changes()', 'EXECUTE')::int;
SELECT 1 / has_function_privilege('coredepot_writer', 'recount_kept_files()', 'EXECUTE')::int;
SELECT 1 / has_function_privilege('coredepot_writer', 'expire_files(bigint, bigint, bigint, bigint)', 'EXECUTE')::int;
SELECT 1 / has_function_privilege('coredepot_writer', 'expire_old_files(timestamptz, bigint)', 'EXECUTE')::int;
SELECT 1 / has_function_privilege('coredepot_writer', 'note_unmet_limit(text)', 'EXECUTE')::int;

ROLLBACK;
