-- Revert coredepot:domains from pg

BEGIN;

CREATE INDEX coredumps_by_sha256 ON coredumps (device_id, sha256);
DROP VIEW coredumps_whose_firmware_arrived;

ALTER TABLE coredumps
  DROP CONSTRAINT coredumps_state_check,
  ALTER COLUMN chip             TYPE text,
  ALTER COLUMN firmware_version TYPE text,
  ALTER COLUMN size             TYPE bigint,
  ALTER COLUMN sha256           TYPE bytea,
  ALTER COLUMN idempotency_key  TYPE text,
  ALTER COLUMN attempts         TYPE smallint,
  ALTER COLUMN signature        TYPE text,
  ALTER COLUMN title            TYPE text,
  ALTER COLUMN report           TYPE json,
  ALTER COLUMN report           SET COMPRESSION lz4,
  ALTER COLUMN awaits_elf       TYPE text,
  ADD CONSTRAINT coredumps_chip_check CHECK (chip ~ '^[a-z0-9]{1,50}$'),
  ADD CONSTRAINT coredumps_firmware_version_check
    CHECK (firmware_version ~ '^[ -~]{1,50}$' AND firmware_version !~ '[/\\]|^\.'),
  ADD CONSTRAINT coredumps_size_check CHECK (size BETWEEN 1 AND 1048576),
  ADD CONSTRAINT coredumps_sha256_check CHECK (octet_length(sha256) = 32),
  ADD CONSTRAINT coredumps_idempotency_key_check CHECK (idempotency_key ~ '^[ -~]{1,255}$'),
  ADD CONSTRAINT coredumps_attempts_check CHECK (attempts >= 0),
  ADD CONSTRAINT coredumps_signature_check CHECK (signature ~ '^[0-9A-Za-z_-]{1,64}$'),
  ADD CONSTRAINT coredumps_title_check CHECK (length(title) BETWEEN 1 AND 500),
  ADD CONSTRAINT coredumps_report_check CHECK (json_typeof(report) = 'object'),
  ADD CONSTRAINT coredumps_awaits_elf_check CHECK (awaits_elf ~ '^[0-9a-f]{1,64}$'),
  ADD CONSTRAINT coredumps_parse_status_check CHECK (parse_status IN ('PENDING', 'PARSED', 'ERROR')),
  ADD CONSTRAINT coredumps_check CHECK ((parse_status = 'PARSED') = (parsed_at IS NOT NULL)),
  ADD CONSTRAINT coredumps_check1 CHECK ((parse_status = 'PENDING') = (parsed_output IS NULL)),
  ADD CONSTRAINT coredumps_check2 CHECK (lease IS NULL OR parse_status = 'PENDING'),
  ADD CONSTRAINT coredumps_check3
    CHECK (parse_status = 'PARSED' OR (signature IS NULL AND title IS NULL AND report IS NULL)),
  ADD CONSTRAINT coredumps_check4 CHECK (awaits_firmware_since IS NULL OR parse_status = 'ERROR');

ALTER TABLE firmware_versions
  ALTER COLUMN version    TYPE text,
  ALTER COLUMN elf_sha256 TYPE text,
  ALTER COLUMN bin_sha256 TYPE text,
  ADD CONSTRAINT firmware_versions_version_check
    CHECK (version ~ '^[ -~]{1,50}$' AND version !~ '[/\\]|^\.'),
  ADD CONSTRAINT firmware_versions_elf_sha256_check CHECK (elf_sha256 ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT firmware_versions_bin_sha256_check CHECK (bin_sha256 ~ '^[0-9a-f]{64}$');

ALTER TABLE devices
  ALTER COLUMN key         TYPE text,
  ALTER COLUMN device_name TYPE text,
  ADD CONSTRAINT devices_key_check CHECK (key ~ '^[a-z0-9]{8}$'),
  ADD CONSTRAINT devices_device_name_check CHECK (length(device_name) BETWEEN 1 AND 255);

ALTER TABLE device_models
  ALTER COLUMN code             TYPE text,
  ALTER COLUMN name             TYPE text,
  ALTER COLUMN firmware_version TYPE text,
  ADD CONSTRAINT device_models_code_check CHECK (code ~ '^[a-z0-9_]{1,50}$'),
  ADD CONSTRAINT device_models_name_check CHECK (length(name) BETWEEN 1 AND 255),
  ADD CONSTRAINT device_models_firmware_version_check
    CHECK (firmware_version ~ '^[ -~]{1,50}$' AND firmware_version !~ '[/\\]|^\.');

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

DROP FUNCTION is_state_of_coredump(text, timestamptz, text, uuid, text, text, json, bigint);
DROP DOMAIN
  model_code, device_key, display_name, firmware_version, sha256_hex, sha256_hex_prefix,
  sha256_digest, chip_name, dump_size, idempotency_key, attempt_count, crash_signature,
  crash_title, crash_report;

COMMIT;
