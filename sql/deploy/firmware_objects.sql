-- Deploy coredepot:firmware_objects to pg
-- requires: versions_of_kept_elves

BEGIN;

-- With object storage, firmware is in a bucket: an object for the bundle and one for the image, named after
-- their content and never overwritten. These columns name them, and naming them publishes them.
ALTER TABLE firmware_versions ADD bundle_object text, ADD image_object text;
ALTER TABLE kept_elves ADD bundle_object text;
COMMENT ON COLUMN firmware_versions.bundle_object IS
  'bundles/{code}/{SHA-256 of the ZIP}.zip in the bucket; null: in a folder, or a plain .bin';
COMMENT ON COLUMN firmware_versions.image_object  IS 'images/{code}/{SHA-256 of the .bin}.bin in the bucket; null: in a folder';
COMMENT ON COLUMN kept_elves.bundle_object        IS 'in the bucket; null: in a folder';

CREATE INDEX firmware_versions_in_bucket ON firmware_versions (device_model_id) WHERE image_object IS NOT NULL;

-- A program from before objects replaces only what it knows. The rest would belong to another build.
CREATE FUNCTION forget_objects_of_another_build() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.bundle_object := NULL;
  NEW.image_object := NULL;
  RETURN NEW;
END
$$;
CREATE TRIGGER objects_not_replaced BEFORE UPDATE ON firmware_versions FOR EACH ROW
  WHEN ((NEW.elf_sha256, NEW.bin_sha256) IS DISTINCT FROM (OLD.elf_sha256, OLD.bin_sha256)
        AND (NEW.bundle_object, NEW.image_object) IS NOT DISTINCT FROM (OLD.bundle_object, OLD.image_object))
  EXECUTE FUNCTION forget_objects_of_another_build();

-- The previous build is kept with its bundle, wherever that is.
CREATE OR REPLACE FUNCTION keep_replaced_elf() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO kept_elves (device_model_id, elf_sha256, version, bundle_object)
  VALUES (OLD.device_model_id, OLD.elf_sha256, OLD.version, OLD.bundle_object)
      ON CONFLICT (device_model_id, elf_sha256) DO UPDATE
     SET version = OLD.version, needed_at = now(), bundle_object = OLD.bundle_object;
  RETURN NULL;
END
$$;

-- Objects that a row has named and no longer does. They may be removed once no other row names them. An
-- object that is neither named nor listed here belongs to an unfinished upload, or has lost its row, for
-- example because an older database was restored. It is not removed. Triggers write this table, so everything
-- that drops an object does so, in the same transaction.
CREATE TABLE dropped_firmware_objects (
  object     text        COLLATE "C" PRIMARY KEY,  -- those of a model are a range of it
  dropped_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE dropped_firmware_objects IS 'Firmware in the bucket that a row named once';
GRANT SELECT ON dropped_firmware_objects TO coredepot_reader, coredepot_writer;
GRANT INSERT, UPDATE, DELETE ON dropped_firmware_objects TO coredepot_writer;

CREATE FUNCTION note_dropped_objects(objects text[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO dropped_firmware_objects (object)
  SELECT DISTINCT o FROM unnest(objects) AS o WHERE o IS NOT NULL ORDER BY o
      ON CONFLICT (object) DO UPDATE SET dropped_at = now()
$$;
REVOKE EXECUTE ON FUNCTION note_dropped_objects(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION note_dropped_objects(text[]) TO coredepot_writer;

CREATE FUNCTION note_dropped_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM note_dropped_objects(ARRAY[OLD.bundle_object, OLD.image_object]);
  ELSE
    PERFORM note_dropped_objects(ARRAY[nullif(OLD.bundle_object, NEW.bundle_object),
                                       nullif(OLD.image_object, NEW.image_object)]);
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER version_dropped AFTER UPDATE OR DELETE ON firmware_versions FOR EACH ROW
  EXECUTE FUNCTION note_dropped_version();

CREATE FUNCTION note_dropped_kept_elf() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM note_dropped_objects(ARRAY[OLD.bundle_object]);
  ELSE
    PERFORM note_dropped_objects(ARRAY[nullif(OLD.bundle_object, NEW.bundle_object)]);
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER kept_elf_dropped AFTER UPDATE OR DELETE ON kept_elves FOR EACH ROW
  EXECUTE FUNCTION note_dropped_kept_elf();

-- Whether a row names an object of this model.
CREATE FUNCTION is_firmware_object_named(of_model text, named text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM device_models m JOIN firmware_versions v ON v.device_model_id = m.id
                  WHERE m.code = of_model AND named IN (v.bundle_object, v.image_object))
      OR EXISTS (SELECT FROM device_models m JOIN kept_elves k ON k.device_model_id = m.id
                  WHERE m.code = of_model AND k.bundle_object = named)
$$;

COMMIT;
