-- Deploy coredepot:deleted_coredumps to pg
-- requires: coredumps

BEGIN;

-- Core dumps that were deleted on purpose: by retention, by an admin, or with their device. A file without a
-- row is removed only if it is listed here. Otherwise it was accepted, and its row was lost. Triggers write
-- this table, so everything that deletes rows does so, in the same transaction. TRUNCATE and a restore write
-- nothing here, which is right: that is how rows get lost.
--
-- A record outlives its file by some days (Fsck::forget_deletions()), in case the file comes back out of a
-- backup. Records go by key and not by ID, because a device that is made again has its old key, and so its
-- folder.
CREATE TABLE deleted_coredumps (
  device_key device_key    NOT NULL,
  filename   text          NOT NULL,
  sha256     sha256_digest,
  deleted_at timestamptz   NOT NULL DEFAULT now()
);
COMMENT ON TABLE  deleted_coredumps        IS 'Core dumps that were deleted on purpose, while their files may be there';
COMMENT ON COLUMN deleted_coredumps.sha256 IS 'of the file; null: it was not known';
-- Not unique, because a name can be used, deleted, and used again. An upload only adds here and never reads.
CREATE INDEX deleted_coredumps_by_file ON deleted_coredumps (device_key, filename);

-- For each row; an upload deletes one or none.
CREATE FUNCTION note_deleted_coredump() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO deleted_coredumps (device_key, filename, sha256)
  SELECT d.key, OLD.filename, OLD.sha256 FROM devices d WHERE d.id = OLD.device_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER coredumps_deleted AFTER DELETE ON coredumps
  FOR EACH ROW EXECUTE FUNCTION note_deleted_coredump();

-- When the rows of a deleted device are deleted, its key is already gone. Before that, the device is locked
-- against uploads, so no row can come after these.
CREATE FUNCTION note_deleted_device() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO deleted_coredumps (device_key, filename, sha256)
  SELECT OLD.key, c.filename, c.sha256 FROM coredumps c WHERE c.device_id = OLD.id;
  RETURN OLD;
END
$$;
CREATE TRIGGER device_deleted BEFORE DELETE ON devices
  FOR EACH ROW EXECUTE FUNCTION note_deleted_device();

GRANT SELECT ON deleted_coredumps TO coredepot_reader, coredepot_writer;
GRANT INSERT, DELETE ON deleted_coredumps TO coredepot_writer;

COMMIT;
