-- Deploy coredepot:deleted_coredumps to pg
-- requires: coredumps

BEGIN;

-- Which core dumps were deleted on purpose: by retention, by an admin, with their device. A file that no row
-- names is removed only when it is in here; otherwise it was accepted, and its row was lost. Triggers write
-- this table, so whatever deletes rows does, in the same transaction. TRUNCATE and a restore leave no such
-- record, which is right: they are how rows get lost.
--
-- A record outlives its file by some days (shared/core/fsck_deletions.cpp), for a file that comes back out of
-- a backup. By key and not by id: a device that is made again has its key, and so its folder.
CREATE TABLE deleted_coredumps (
  device_key device_key    NOT NULL,
  filename   text          NOT NULL,
  sha256     sha256_digest,
  deleted_at timestamptz   NOT NULL DEFAULT now()
);
COMMENT ON TABLE  deleted_coredumps        IS 'Core dumps that were deleted on purpose, while their files may be there';
COMMENT ON COLUMN deleted_coredumps.sha256 IS 'of the file; null: it was not known';
-- Not unique: a name can be used, deleted, and used again. What one upload adds here it reads nowhere.
CREATE INDEX deleted_coredumps_by_file ON deleted_coredumps (device_key, filename);

-- For each row: an upload deletes one or none.
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

-- When the rows of a deleted device follow it, its key is gone. Before it goes, it is locked, and so are
-- uploads of it: no row comes after these.
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
