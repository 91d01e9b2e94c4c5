-- Deploy coredepot:domains to pg
-- requires: reports_as_text
-- requires: record_coredump
-- requires: parse_queue
-- requires: firmware
-- requires: statistics
-- requires: device_counts

BEGIN;

-- What a value may be, as its type. PostgreSQL parses a table's CHECKs anew for each statement that
-- writes to it, which was a quarter of an upload's work there; a type's it keeps. Rewrites the tables,
-- which nobody can use meanwhile; uploads go to the spool for that long.
CREATE DOMAIN model_code        AS text     CHECK (VALUE ~ '^[a-z0-9_]{1,50}$');
CREATE DOMAIN device_key        AS text     CHECK (VALUE ~ '^[a-z0-9]{8}$');
CREATE DOMAIN display_name      AS text     CHECK (length(VALUE) BETWEEN 1 AND 255);
CREATE DOMAIN firmware_version  AS text     CHECK (VALUE ~ '^[ -~]{1,50}$' AND VALUE !~ '[/\\]|^\.');
CREATE DOMAIN sha256_hex        AS text     CHECK (VALUE ~ '^[0-9a-f]{64}$');
CREATE DOMAIN sha256_hex_prefix AS text     CHECK (VALUE ~ '^[0-9a-f]{1,64}$');
CREATE DOMAIN sha256_digest     AS bytea    CHECK (octet_length(VALUE) = 32);
CREATE DOMAIN chip_name         AS text     CHECK (VALUE ~ '^[a-z0-9]{1,50}$');
CREATE DOMAIN dump_size         AS bigint   CHECK (VALUE BETWEEN 1 AND 1048576);
CREATE DOMAIN idempotency_key   AS text     CHECK (VALUE ~ '^[ -~]{1,255}$');
CREATE DOMAIN attempt_count     AS smallint CHECK (VALUE >= 0);
CREATE DOMAIN crash_signature   AS text     CHECK (VALUE ~ '^[0-9A-Za-z_-]{1,64}$');
CREATE DOMAIN crash_title       AS text     CHECK (length(VALUE) BETWEEN 1 AND 500);
CREATE DOMAIN crash_report      AS json     CHECK (json_typeof(VALUE) = 'object');

-- What a core dump has in each of its states, and has not. A function, because what PostgreSQL parsed of
-- that it keeps, too.
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

-- It reads columns whose types change.
DROP VIEW coredumps_whose_firmware_arrived;

ALTER TABLE device_models
  DROP CONSTRAINT device_models_code_check,
  DROP CONSTRAINT device_models_name_check,
  DROP CONSTRAINT device_models_firmware_version_check,
  ALTER COLUMN code             TYPE model_code,
  ALTER COLUMN name             TYPE display_name,
  ALTER COLUMN firmware_version TYPE firmware_version;

ALTER TABLE devices
  DROP CONSTRAINT devices_key_check,
  DROP CONSTRAINT devices_device_name_check,
  ALTER COLUMN key         TYPE device_key,
  ALTER COLUMN device_name TYPE display_name;

ALTER TABLE firmware_versions
  DROP CONSTRAINT firmware_versions_version_check,
  DROP CONSTRAINT firmware_versions_elf_sha256_check,
  DROP CONSTRAINT firmware_versions_bin_sha256_check,
  ALTER COLUMN version    TYPE firmware_version,
  ALTER COLUMN elf_sha256 TYPE sha256_hex,
  ALTER COLUMN bin_sha256 TYPE sha256_hex;

-- The filename keeps its CHECK: record_coredump() says what it is as text.
ALTER TABLE coredumps
  DROP CONSTRAINT coredumps_chip_check,
  DROP CONSTRAINT coredumps_firmware_version_check,
  DROP CONSTRAINT coredumps_size_check,
  DROP CONSTRAINT coredumps_sha256_check,
  DROP CONSTRAINT coredumps_idempotency_key_check,
  DROP CONSTRAINT coredumps_attempts_check,
  DROP CONSTRAINT coredumps_signature_check,
  DROP CONSTRAINT coredumps_title_check,
  DROP CONSTRAINT coredumps_report_check,
  DROP CONSTRAINT coredumps_awaits_elf_check,
  DROP CONSTRAINT coredumps_parse_status_check,
  DROP CONSTRAINT coredumps_check,
  DROP CONSTRAINT coredumps_check1,
  DROP CONSTRAINT coredumps_check2,
  DROP CONSTRAINT coredumps_check3,
  DROP CONSTRAINT coredumps_check4,
  ALTER COLUMN chip             TYPE chip_name,
  ALTER COLUMN firmware_version TYPE firmware_version,
  ALTER COLUMN size             TYPE dump_size,
  ALTER COLUMN sha256           TYPE sha256_digest,
  ALTER COLUMN idempotency_key  TYPE idempotency_key,
  ALTER COLUMN attempts         TYPE attempt_count,
  ALTER COLUMN signature        TYPE crash_signature,
  ALTER COLUMN title            TYPE crash_title,
  ALTER COLUMN report           TYPE crash_report,
  ALTER COLUMN report           SET COMPRESSION lz4,
  ALTER COLUMN awaits_elf       TYPE sha256_hex_prefix,
  ADD CONSTRAINT coredumps_state_check CHECK (is_state_of_coredump(
    parse_status, parsed_at, parsed_output, lease, signature, title, report, awaits_firmware_since));

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

-- A device has few core dumps (MAX_COREDUMPS): what is looked for among them is found by the index
-- that leads to them, without one of its own to keep with each upload.
DROP INDEX coredumps_by_sha256;

COMMIT;
