-- Deploy coredepot:expired_files to pg
-- requires: tend_issues
-- requires: reparse_keeps_results

BEGIN;

-- When there is no room for all files, a core dump's file is removed before its row. The row stays, with its
-- backtrace, and says so.
--
-- First the row says that the file has expired, on stable storage; then the file is removed; then it leaves
-- the list of files to remove. If a process is killed in between, the file stays on the list, and the next
-- one removes it.
ALTER TABLE coredumps ADD COLUMN file_expired_at timestamptz;
COMMENT ON COLUMN coredumps.file_expired_at IS
  'When retention gave its file up; null: the file is there. Never while the core dump is PENDING';

-- By the device's key and not its ID, because the file is also removed if the device is gone by then.
CREATE TABLE expired_files (
  coredump_id bigint        PRIMARY KEY,
  device_key  device_key    NOT NULL,
  filename    dump_filename NOT NULL,
  store       uuid          NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000'
);
COMMENT ON TABLE expired_files IS 'Files whose rows say that they have expired, and which are still to be removed';

-- How many files there are, and their bytes, without counting ten million rows, and without a row that all
-- uploads would wait for: each change is a row of its own, in a table without an index, and parse_runner adds
-- them up (take_in_file_changes()).
CREATE TABLE kept_files (
  one_row     boolean     PRIMARY KEY DEFAULT true CHECK (one_row),
  files       bigint      NOT NULL,
  bytes       bigint      NOT NULL,
  unmet_limit text,
  unmet_since timestamptz,
  CHECK ((unmet_limit IS NULL) = (unmet_since IS NULL))
) WITH (fillfactor = 50);
COMMENT ON TABLE  kept_files             IS 'Core dumps'' files that there are, but for coredump_file_changes';
COMMENT ON COLUMN kept_files.unmet_limit IS
  'The setting that retention cannot keep to, because nothing is left that may go; null: it keeps to all';
INSERT INTO kept_files (files, bytes) VALUES (0, 0);

CREATE TABLE coredump_file_changes (
  files      bigint NOT NULL DEFAULT 0,
  bytes      bigint NOT NULL DEFAULT 0,
  expired_of bigint
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
COMMENT ON COLUMN coredump_file_changes.expired_of IS
  'a core dump of this signature was deleted whose file had expired before; null: of none';

-- For each signature, how many of its existing core dumps have lost their files. With signatures.kept, this
-- gives the number of its files.
CREATE TABLE signature_files (
  signature_id bigint PRIMARY KEY REFERENCES signatures ON DELETE CASCADE,
  expired      bigint NOT NULL
) WITH (fillfactor = 70);

CREATE FUNCTION note_coredump_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO coredump_file_changes (files, bytes) VALUES (1, NEW.size);
  ELSIF OLD.file_expired_at IS NULL THEN
    INSERT INTO coredump_file_changes (files, bytes) VALUES (-1, -OLD.size);
  ELSE
    INSERT INTO coredump_file_changes (expired_of)
    SELECT o.signature_id FROM occurrences o WHERE o.coredump_id = OLD.id;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER coredump_file_counted AFTER INSERT OR DELETE ON coredumps
  FOR EACH ROW EXECUTE FUNCTION note_coredump_file();

CREATE FUNCTION note_no_coredump_files() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM coredump_file_changes;
  DELETE FROM signature_files;
  UPDATE kept_files SET files = 0, bytes = 0;
  RETURN NULL;
END
$$;
CREATE TRIGGER coredump_files_truncated AFTER TRUNCATE ON coredumps
  FOR EACH STATEMENT EXECUTE FUNCTION note_no_coredump_files();

-- A core dump without a file cannot be parsed again.
CREATE OR REPLACE FUNCTION requeue_coredumps(chosen bigint[]) RETURNS bigint
LANGUAGE sql AS $$
  WITH changed AS (
    UPDATE coredumps
       SET parse_status = 'PENDING', attempts = 0, next_attempt_at = now(), lease = NULL,
           suspicion = 0, last_error = NULL,
           parsed_output = CASE WHEN parsed_at IS NULL THEN NULL ELSE parsed_output END,
           awaits_firmware_since = NULL, awaits_elf = NULL, updated_at = now()
     WHERE id = ANY (chosen) AND file_expired_at IS NULL
    RETURNING 1
  )
  SELECT count(*) FROM changed
$$;

GRANT SELECT ON expired_files, kept_files, coredump_file_changes, signature_files
  TO coredepot_reader, coredepot_writer;
GRANT INSERT, DELETE ON expired_files, coredump_file_changes TO coredepot_writer;
GRANT UPDATE ON kept_files TO coredepot_writer;
GRANT INSERT, UPDATE, DELETE ON signature_files TO coredepot_writer;

COMMIT;
