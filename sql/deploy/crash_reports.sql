-- Deploy coredepot:crash_reports to pg
-- requires: coredumps

BEGIN;

ALTER TABLE coredumps
  ADD COLUMN signature text CHECK (signature ~ '^[0-9A-Za-z_-]{1,64}$'),
  ADD COLUMN title     text CHECK (length(title) BETWEEN 1 AND 500),
  ADD COLUMN report    jsonb CHECK (jsonb_typeof(report) = 'object'),
  ADD CHECK (parse_status = 'PARSED' OR (signature IS NULL AND title IS NULL AND report IS NULL));
COMMENT ON COLUMN coredumps.signature IS 'equal for core dumps of one bug; null: the sidecar gave none';
COMMENT ON COLUMN coredumps.title     IS 'what happened and where, in a line';
COMMENT ON COLUMN coredumps.report    IS
  'what the sidecar says for machines: docs/crash-report.schema.json';

-- Which core dumps are of one bug.
CREATE INDEX coredumps_signature ON coredumps (signature) WHERE signature IS NOT NULL;

COMMIT;
