-- Deploy coredepot:parse_queue to pg
-- requires: crash_reports
-- requires: firmware

BEGIN;

ALTER TABLE coredumps
  ADD COLUMN leased_by              text,
  ADD COLUMN awaits_firmware_since  bigint,
  ADD COLUMN awaits_elf             text CHECK (awaits_elf ~ '^[0-9a-f]{1,64}$'),
  ADD CHECK (awaits_firmware_since IS NULL OR parse_status = 'ERROR');
COMMENT ON COLUMN coredumps.leased_by IS
  'Which process works on it, while it is leased: host and process id';
COMMENT ON COLUMN coredumps.awaits_firmware_since IS
  'It ended in ERROR for want of a bundle: the model''s firmware_revision at that time. A bundle '
  'with a higher revision puts it back into the queue.';
COMMENT ON COLUMN coredumps.awaits_elf IS
  'How the SHA-256 of its ELF starts, where a bundle of another version may hold it';

-- What failed for want of a bundle before this was written down.
UPDATE coredumps SET awaits_firmware_since = 0
 WHERE parse_status = 'ERROR'
   AND parsed_output LIKE 'Unable to parse coredump: firmware ZIP not found for %';

CREATE INDEX coredumps_awaiting_firmware ON coredumps (device_id)
 WHERE awaits_firmware_since IS NOT NULL;

-- Counts the uploads, so that it can be told whether one came after another look at the files: no
-- clock can, because a transaction's time is that of its start.
ALTER TABLE device_models     ADD COLUMN firmware_revision bigint NOT NULL DEFAULT 0;
ALTER TABLE firmware_versions ADD COLUMN revision bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN device_models.firmware_revision IS 'how many times firmware was uploaded for it';
COMMENT ON COLUMN firmware_versions.revision IS 'the model''s firmware_revision of its last upload';
GRANT UPDATE (firmware_revision) ON device_models TO coredepot_writer;

-- Core dumps that ended in ERROR for want of a bundle that is there now.
CREATE VIEW coredumps_whose_firmware_arrived AS
  SELECT c.id, d.device_model_id
    FROM coredumps c
    JOIN devices d ON d.id = c.device_id
   WHERE c.awaits_firmware_since IS NOT NULL
     AND EXISTS (SELECT FROM firmware_versions v
                  WHERE v.device_model_id = d.device_model_id
                    AND v.revision > c.awaits_firmware_since AND v.elf_sha256 IS NOT NULL
                    AND (v.version = c.firmware_version
                         OR v.elf_sha256 LIKE c.awaits_elf || '%'));
GRANT SELECT ON coredumps_whose_firmware_arrived TO coredepot_reader, coredepot_writer;

-- Puts core dumps back into the queue, as if they had just been uploaded. Of one that is being
-- parsed the lease goes, so that nothing comes of that. Returns how many there were.
CREATE FUNCTION requeue_coredumps(chosen bigint[]) RETURNS bigint
LANGUAGE sql AS $$
  WITH changed AS (
    UPDATE coredumps
       SET parse_status = 'PENDING', attempts = 0, next_attempt_at = now(), lease = NULL,
           parsed_output = NULL, parsed_at = NULL, last_error = NULL,
           signature = NULL, title = NULL, report = NULL,
           awaits_firmware_since = NULL, awaits_elf = NULL, updated_at = now()
     WHERE id = ANY (chosen)
    RETURNING 1
  )
  SELECT count(*) FROM changed
$$;
REVOKE EXECUTE ON FUNCTION requeue_coredumps(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION requeue_coredumps(bigint[]) TO coredepot_writer;

-- A sidecar that cannot be reached is no core dump's fault: its runners leave the queue alone until
-- the next look at it.
CREATE TABLE sidecar_outages (
  sidecar     text        PRIMARY KEY,
  failures    integer     NOT NULL CHECK (failures > 0),
  since       timestamptz NOT NULL DEFAULT now(),
  ask_next_at timestamptz NOT NULL
);
COMMENT ON TABLE  sidecar_outages             IS 'Sidecars that did not answer when last asked';
COMMENT ON COLUMN sidecar_outages.sidecar     IS 'host of the runner and URL of the sidecar';
COMMENT ON COLUMN sidecar_outages.failures    IS 'how often it was found away since';
COMMENT ON COLUMN sidecar_outages.ask_next_at IS 'when a runner tries again, with one core dump';

GRANT SELECT ON sidecar_outages TO coredepot_reader, coredepot_writer;
GRANT INSERT, UPDATE, DELETE ON sidecar_outages TO coredepot_writer;

COMMIT;
