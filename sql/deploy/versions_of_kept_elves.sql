-- Deploy coredepot:versions_of_kept_elves to pg
-- requires: tend_issues
-- requires: kept_elves

BEGIN;

-- The version whose bundle has an ELF, or had it before it was replaced: the one that the device claimed if
-- its bundle has it, else the newest. Null: no known bundle has it.
CREATE OR REPLACE FUNCTION version_of_elf(of_device bigint, elf text, claimed text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT known.version
    FROM devices d
   CROSS JOIN LATERAL (
     SELECT v.version, v.id FROM firmware_versions v
      WHERE v.device_model_id = d.device_model_id AND v.elf_sha256 = elf
      UNION ALL
     SELECT k.version, 0 FROM kept_elves k WHERE k.device_model_id = d.device_model_id AND k.elf_sha256 = elf) AS known
   WHERE d.id = of_device
   ORDER BY known.version = claimed DESC, known.id DESC LIMIT 1
$$;

COMMIT;
