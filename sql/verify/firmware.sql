-- Verify coredepot:firmware on pg

BEGIN;

SELECT id, device_model_id, version, elf_sha256, bin_sha256, created_at, updated_at
  FROM firmware_versions WHERE false;

ROLLBACK;
