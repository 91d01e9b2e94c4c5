-- Deploy coredepot:coredumps to pg
-- requires: registry

BEGIN;

-- What a core dump has in each of its states, and has not. A function, because PostgreSQL parses it once a
-- session, and a CHECK with each statement (see domains).
-- Replaced by reparse_keeps_results.sql.
CREATE FUNCTION is_state_of_coredump(
  parse_status text, parsed_at timestamptz, parsed_output text, lease uuid, signature text, title text,
  report json, awaits_firmware_since bigint
) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN CASE parse_status
    WHEN 'PENDING' THEN num_nonnulls(parsed_at, parsed_output, signature, title, report,
                                     awaits_firmware_since) = 0
    WHEN 'PARSED'  THEN num_nulls(parsed_at, parsed_output) = 0
                        AND num_nonnulls(lease, awaits_firmware_since) = 0
    WHEN 'ERROR'   THEN parsed_output IS NOT NULL
                        AND num_nonnulls(parsed_at, lease, signature, title, report) = 0
    ELSE false
  END;
END
$$;

CREATE TABLE coredumps (
  id               bigint           PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  device_id        bigint           NOT NULL REFERENCES devices ON DELETE CASCADE,

  -- The upload.
  filename         dump_filename    NOT NULL,
  chip             chip_name        NOT NULL,
  firmware_version firmware_version NOT NULL,
  size             dump_size        NOT NULL,
  sha256           sha256_digest,
  idempotency_key  idempotency_key,
  uploaded_at      timestamptz      NOT NULL,
  came_late        boolean          NOT NULL DEFAULT false,

  -- Its place in the parse queue.
  parse_status     text             NOT NULL DEFAULT 'PENDING',
  next_attempt_at  timestamptz      NOT NULL DEFAULT now(),
  attempts         attempt_count    NOT NULL DEFAULT 0,
  lease            uuid,
  leased_by        text,
  leased_alone     boolean          NOT NULL DEFAULT false,
  suspicion        suspicion        NOT NULL DEFAULT 0,
  last_error       text,

  -- What came of that.
  parsed_at        timestamptz,
  parsed_output    text             COMPRESSION lz4,  -- is unpacked in a third of the time
  signature        crash_signature,
  title            crash_title,
  report           crash_report     COMPRESSION lz4,  -- json, not jsonb: it is only ever read whole
  awaits_firmware_since bigint,
  awaits_elf       sha256_hex_prefix,

  created_at       timestamptz      NOT NULL DEFAULT now(),
  updated_at       timestamptz      NOT NULL DEFAULT now(),

  UNIQUE (device_id, filename),
  CONSTRAINT coredumps_state_check CHECK (is_state_of_coredump(
    parse_status, parsed_at, parsed_output, lease, signature, title, report, awaits_firmware_since))
) WITH (
  -- Every core dump is a row that comes, changes twice (claimed, parsed) and goes. By default vacuum
  -- waits until a fifth of a table is dead: of ten million rows two million, which the queue's index
  -- leads through before it comes to one that lives. At a fiftieth vacuum comes ten times as often and
  -- has a tenth to do each time.
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_insert_scale_factor = 0.05,
  autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 1000
);
COMMENT ON TABLE  coredumps        IS 'One uploaded crash of one device; the row is the truth, the file follows it';
COMMENT ON COLUMN coredumps.size   IS 'bytes, as uploaded';
COMMENT ON COLUMN coredumps.sha256 IS 'of the file; null: it is not known';
COMMENT ON COLUMN coredumps.idempotency_key IS
  'What the device called the upload, so that a second one under the same name is known';
COMMENT ON COLUMN coredumps.came_late IS
  'It was accepted at uploaded_at, but its row made only later: it came out of a spool, or was adopted';
COMMENT ON COLUMN coredumps.next_attempt_at IS
  'When a runner may claim it: upload time, then the end of the pause after a failure; while '
  'leased, the end of the lease. One column, so that the queue is one index and a dead runner''s '
  'claim falls due like any other.';
COMMENT ON COLUMN coredumps.attempts IS
  'attempts to parse that were started, without those whose runner was lost';
COMMENT ON COLUMN coredumps.lease IS
  'Names the claim that works on this dump now; only that claim may record a result';
COMMENT ON COLUMN coredumps.leased_by IS
  'Which process works on it, while it is leased: host and process id';
COMMENT ON COLUMN coredumps.leased_alone IS
  'The runner that has the lease parses nothing else meanwhile';
COMMENT ON COLUMN coredumps.suspicion IS
  'Whether it kills runners. 0: none that had its lease was lost since it came into the queue, or one has '
  'survived it; 1: one was lost that may have parsed others, too, so it is parsed alone; one more for each '
  'that was lost then.';
COMMENT ON COLUMN coredumps.last_error IS 'why the last attempt failed';
COMMENT ON COLUMN coredumps.signature  IS 'equal for core dumps of one bug; null: the sidecar gave none';
COMMENT ON COLUMN coredumps.title      IS 'what happened and where, in a line';
COMMENT ON COLUMN coredumps.report     IS
  'what the sidecar says for machines: docs/crash-report.schema.json';
COMMENT ON COLUMN coredumps.awaits_firmware_since IS
  'It ended in ERROR for want of a bundle: the model''s firmware_revision at that time. A bundle '
  'with a higher revision puts it back into the queue.';
COMMENT ON COLUMN coredumps.awaits_elf IS
  'How the SHA-256 of its ELF starts, where a bundle of another version may hold it';

-- A device's dumps, newest first: lists.
CREATE INDEX coredumps_newest_first ON coredumps (device_id, uploaded_at DESC, id DESC);
-- The queue, oldest first.
CREATE INDEX coredumps_queue ON coredumps (next_attempt_at, id) WHERE parse_status = 'PENDING';
-- Since when the oldest one waits: answered at once, and always current.
CREATE INDEX coredumps_pending_since ON coredumps (uploaded_at) WHERE parse_status = 'PENDING';
CREATE INDEX coredumps_awaiting_firmware ON coredumps (device_id) WHERE awaits_firmware_since IS NOT NULL;
-- Finds core dumps of the same bug.
CREATE INDEX coredumps_signature ON coredumps (signature) WHERE signature IS NOT NULL;
-- This is decided under the device's lock (see repeated_uploads). The index makes it certain, and fast.
CREATE UNIQUE INDEX coredumps_idempotency_key ON coredumps (device_id, idempotency_key, sha256)
  WHERE idempotency_key IS NOT NULL;

GRANT SELECT ON coredumps TO coredepot_reader, coredepot_writer;
GRANT INSERT, UPDATE, DELETE ON coredumps TO coredepot_writer;

COMMIT;
