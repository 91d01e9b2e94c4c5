-- Revert coredepot:expired_files from pg
--
-- Core dumps whose files have expired keep their rows, and fsck then says that these are without a file.

BEGIN;

CREATE OR REPLACE FUNCTION requeue_coredumps(chosen bigint[]) RETURNS bigint
LANGUAGE sql AS $$
  WITH changed AS (
    UPDATE coredumps
       SET parse_status = 'PENDING', attempts = 0, next_attempt_at = now(), lease = NULL,
           suspicion = 0, last_error = NULL,
           parsed_output = CASE WHEN parsed_at IS NULL THEN NULL ELSE parsed_output END,
           awaits_firmware_since = NULL, awaits_elf = NULL, updated_at = now()
     WHERE id = ANY (chosen)
    RETURNING 1
  )
  SELECT count(*) FROM changed
$$;
DROP TRIGGER coredump_files_truncated ON coredumps;
DROP TRIGGER coredump_file_counted ON coredumps;
DROP FUNCTION note_no_coredump_files();
DROP FUNCTION note_coredump_file();
DROP TABLE signature_files;
DROP TABLE coredump_file_changes;
DROP TABLE kept_files;
DROP TABLE expired_files;
ALTER TABLE coredumps DROP COLUMN file_expired_at;

COMMIT;
