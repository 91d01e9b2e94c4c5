-- Revert coredepot:versions_of_kept_elves from pg

BEGIN;

CREATE OR REPLACE FUNCTION version_of_elf(of_device bigint, elf text, claimed text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT v.version FROM firmware_versions v
    JOIN devices d ON d.id = of_device AND v.device_model_id = d.device_model_id
   WHERE v.elf_sha256 = elf
   ORDER BY v.version = claimed DESC, v.id DESC LIMIT 1
$$;

COMMIT;
