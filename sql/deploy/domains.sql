-- Deploy coredepot:domains to pg
--
-- What a value may be, as its type. PostgreSQL parses a table's CHECKs again for each statement that writes
-- to it, which took a quarter of an upload's work. It parses a type's CHECK once per session.

BEGIN;

-- The registry.
CREATE DOMAIN model_code   AS text CHECK (VALUE ~ '^[a-z0-9_]{1,50}$');
CREATE DOMAIN device_key   AS text CHECK (VALUE ~ '^[a-z0-9]{8}$');
CREATE DOMAIN display_name AS text CHECK (length(VALUE) BETWEEN 1 AND 255);
-- An ID that an identity provider invented. Our own IDs are not stored, because they follow from model and
-- key.
CREATE DOMAIN client_id    AS text CHECK (VALUE ~ '^[ -~]{1,255}$' AND VALUE !~ '^iotdevice-');

-- Firmware. A version is part of a file's name.
CREATE DOMAIN firmware_version  AS text  CHECK (VALUE ~ '^[ -~]{1,50}$' AND VALUE !~ '[/\\]|^\.');
CREATE DOMAIN sha256_hex        AS text  CHECK (VALUE ~ '^[0-9a-f]{64}$');
CREATE DOMAIN sha256_hex_prefix AS text  CHECK (VALUE ~ '^[0-9a-f]{1,64}$');
CREATE DOMAIN sha256_digest     AS bytea CHECK (octet_length(VALUE) = 32);

-- Core dumps.
CREATE DOMAIN chip_name       AS text     CHECK (VALUE ~ '^[a-z0-9]{1,50}$');
CREATE DOMAIN dump_filename   AS text     CHECK (VALUE ~ '^coredump_[0-9]{8}T[0-9]{6}_[0-9]{6}Z\.dmp$');
CREATE DOMAIN dump_size       AS bigint   CHECK (VALUE BETWEEN 1 AND 1048576);
CREATE DOMAIN idempotency_key AS text     CHECK (VALUE ~ '^[ -~]{1,255}$');
CREATE DOMAIN attempt_count   AS smallint CHECK (VALUE >= 0);
CREATE DOMAIN suspicion       AS smallint CHECK (VALUE >= 0);

-- What a parse finds out.
CREATE DOMAIN crash_signature AS text CHECK (VALUE ~ '^[0-9A-Za-z_-]{1,64}$');
CREATE DOMAIN crash_title     AS text CHECK (length(VALUE) BETWEEN 1 AND 500);
CREATE DOMAIN crash_report    AS json CHECK (json_typeof(VALUE) = 'object');

COMMIT;
