-- Verify coredepot:firmware_objects on pg

BEGIN;

SELECT v.bundle_object, v.image_object, k.bundle_object FROM firmware_versions v, kept_elves k WHERE false;
SELECT object, dropped_at FROM dropped_firmware_objects WHERE false;
SELECT 1 / has_function_privilege('coredepot_writer', 'note_dropped_objects(text[])', 'EXECUTE')::int;
SELECT 1 / (NOT is_firmware_object_named('', ''))::int;
SELECT 1 / (count(*) = 3)::int FROM pg_trigger
 WHERE tgname IN ('objects_not_replaced', 'version_dropped', 'kept_elf_dropped');

ROLLBACK;
