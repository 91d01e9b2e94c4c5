-- Deploy coredepot:sidecar_outages to pg
-- requires: roles

BEGIN;

-- An unreachable sidecar is no core dump's fault. Its runners leave the queue alone until the sidecar is
-- tried again.
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
