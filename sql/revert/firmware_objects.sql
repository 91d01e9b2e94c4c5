-- Revert coredepot:firmware_objects from pg
--
-- Firmware that is in a bucket is then not found.

BEGIN;

CREATE OR REPLACE FUNCTION keep_replaced_elf() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO kept_elves (device_model_id, elf_sha256, version)
  VALUES (OLD.device_model_id, OLD.elf_sha256, OLD.version)
      ON CONFLICT (device_model_id, elf_sha256) DO UPDATE SET version = OLD.version, needed_at = now();
  RETURN NULL;
END
$$;
DROP FUNCTION is_firmware_object_named(text, text);
DROP TRIGGER kept_elf_dropped ON kept_elves;
DROP FUNCTION note_dropped_kept_elf();
DROP TRIGGER version_dropped ON firmware_versions;
DROP FUNCTION note_dropped_version();
DROP FUNCTION note_dropped_objects(text[]);
DROP TABLE dropped_firmware_objects;
DROP TRIGGER objects_not_replaced ON firmware_versions;
DROP FUNCTION forget_objects_of_another_build();
ALTER TABLE kept_elves DROP COLUMN bundle_object;
ALTER TABLE firmware_versions DROP COLUMN bundle_object, DROP COLUMN image_object;

COMMIT;
