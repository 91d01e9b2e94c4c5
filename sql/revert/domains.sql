-- Revert coredepot:domains from pg

BEGIN;

DROP DOMAIN
  model_code, device_key, display_name, client_id, firmware_version, sha256_hex, sha256_hex_prefix,
  sha256_digest, chip_name, dump_filename, dump_size, idempotency_key, attempt_count, suspicion,
  crash_signature, crash_title, crash_report;

COMMIT;
