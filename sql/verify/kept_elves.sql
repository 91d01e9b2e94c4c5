-- Verify coredepot:kept_elves on pg

BEGIN;

SELECT device_model_id, elf_sha256, version, needed_at FROM kept_elves WHERE false;
SELECT 1 / has_table_privilege('coredepot_writer', 'kept_elves', 'DELETE')::int;
SELECT 1 / has_function_privilege('coredepot_writer', 'give_up_elves(bigint, integer)', 'EXECUTE')::int;
SELECT 1 / count(*) FROM pg_trigger WHERE tgname = 'elf_replaced';

ROLLBACK;
