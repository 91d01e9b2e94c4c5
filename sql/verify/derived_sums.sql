-- Verify coredepot:derived_sums on pg

BEGIN;

SELECT has_wrong_sums(0), version_has_wrong_sums(0);
SELECT 1 / has_function_privilege('coredepot_writer', 'repair_sums(bigint)', 'EXECUTE')::int;
SELECT 1 / has_function_privilege('coredepot_writer', 'repair_version_sums(bigint)', 'EXECUTE')::int;
SELECT 1 / has_function_privilege('coredepot_writer', 'kept_files_are_wrong()', 'EXECUTE')::int;

ROLLBACK;
