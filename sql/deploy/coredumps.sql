-- Deploy coredepot:coredumps to pg
-- requires: devices

BEGIN;

CREATE TABLE coredumps (
  id               bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  device_id        bigint      NOT NULL REFERENCES devices ON DELETE CASCADE,
  filename         text        NOT NULL
                               CHECK (filename ~ '^coredump_[0-9]{8}T[0-9]{6}_[0-9]{6}Z\.dmp$'),
  chip             text        NOT NULL CHECK (chip ~ '^[a-z0-9]{1,50}$'),
  firmware_version text        NOT NULL CHECK (firmware_version ~ '^[ -~]{1,50}$'
                                               AND firmware_version !~ '[/\\]|^\.'),
  size             bigint      NOT NULL CHECK (size BETWEEN 1 AND 1048576),
  uploaded_at      timestamptz NOT NULL,
  parse_status     text        NOT NULL DEFAULT 'PENDING'
                               CHECK (parse_status IN ('PENDING', 'PARSED', 'ERROR')),
  parsed_output    text,
  parsed_at        timestamptz,
  attempts         smallint    NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  next_attempt_at  timestamptz NOT NULL DEFAULT now(),
  lease            uuid,
  last_error       text,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  UNIQUE (device_id, filename),
  CHECK ((parse_status = 'PARSED') = (parsed_at IS NOT NULL)),
  CHECK ((parse_status = 'PENDING') = (parsed_output IS NULL)),
  CHECK (lease IS NULL OR parse_status = 'PENDING')
);
COMMENT ON TABLE  coredumps          IS 'One uploaded crash of one device; the row is the truth, the file follows it';
COMMENT ON COLUMN coredumps.size     IS 'bytes, as uploaded';
COMMENT ON COLUMN coredumps.attempts IS 'attempts to parse that were started';
COMMENT ON COLUMN coredumps.lease    IS
  'Names the claim that works on this dump now; only that claim may record a result';
COMMENT ON COLUMN coredumps.next_attempt_at IS
  'When a runner may claim it: upload time, then the end of the pause after a failure; while '
  'leased, the end of the lease. One column, so that the queue is one index and a dead runner''s '
  'claim falls due like any other.';
COMMENT ON COLUMN coredumps.last_error IS 'why the last attempt failed';

-- A device's dumps, newest first: list, retention.
CREATE INDEX coredumps_newest_first ON coredumps (device_id, uploaded_at DESC, id DESC);
-- The queue, oldest first.
CREATE INDEX coredumps_queue ON coredumps (next_attempt_at, id) WHERE parse_status = 'PENDING';

GRANT SELECT ON coredumps TO coredepot_reader, coredepot_writer;
GRANT INSERT, UPDATE, DELETE ON coredumps TO coredepot_writer;

COMMIT;
