-- Verify coredepot:firmware on pg

BEGIN;

SELECT id, device_model_id, version, revision, elf_sha256, bin_sha256, created_at, updated_at
  FROM firmware_versions WHERE false;
SELECT 1 / (count(*) = 1)::int FROM pg_indexes
 WHERE tablename = 'firmware_versions' AND indexname = 'firmware_versions_by_elf';

ROLLBACK;
