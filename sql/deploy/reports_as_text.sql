-- Deploy coredepot:reports_as_text to pg
-- requires: crash_reports

BEGIN;

-- Reports are written once and read whole: as jsonb each answer with one costs more to turn back
-- into text than all the rest of the request. And LZ4, which is unpacked in a third of the time.
-- Rewrites the table, which nobody can use meanwhile; uploads go to the spool for that long.
ALTER TABLE coredumps
  DROP CONSTRAINT coredumps_report_check,
  ALTER COLUMN report TYPE json USING report::json,
  ADD CONSTRAINT coredumps_report_check CHECK (json_typeof(report) = 'object'),
  ALTER COLUMN report SET COMPRESSION lz4,
  ALTER COLUMN parsed_output SET COMPRESSION lz4;

COMMIT;
