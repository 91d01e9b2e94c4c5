-- Revert coredepot:reports_as_text from pg

BEGIN;

ALTER TABLE coredumps
  DROP CONSTRAINT coredumps_report_check,
  ALTER COLUMN report TYPE jsonb USING report::jsonb,
  ADD CONSTRAINT coredumps_report_check CHECK (jsonb_typeof(report) = 'object'),
  ALTER COLUMN report SET COMPRESSION default,
  ALTER COLUMN parsed_output SET COMPRESSION default;

COMMIT;
