-- Deploy coredepot:firmware to pg
-- requires: devices

BEGIN;

CREATE TABLE firmware_versions (
  id              bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  device_model_id bigint      NOT NULL REFERENCES device_models ON DELETE CASCADE,
  version         text        NOT NULL CHECK (version ~ '^[ -~]{1,50}$'
                                              AND version !~ '[/\\]|^\.'),
  elf_sha256      text        CHECK (elf_sha256 ~ '^[0-9a-f]{64}$'),
  bin_sha256      text        NOT NULL CHECK (bin_sha256 ~ '^[0-9a-f]{64}$'),
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  UNIQUE (device_model_id, version)
);
COMMENT ON TABLE  firmware_versions            IS 'Every version of a model that was uploaded';
COMMENT ON COLUMN firmware_versions.elf_sha256 IS
  'Of the whole ELF file in the bundle; null for a plain .bin, which brings no ELF';

-- A core dump names its ELF by a prefix of that hash.
CREATE INDEX firmware_versions_by_elf
  ON firmware_versions (device_model_id, elf_sha256 text_pattern_ops);

GRANT SELECT ON firmware_versions TO coredepot_reader, coredepot_writer;
GRANT INSERT, UPDATE, DELETE ON firmware_versions TO coredepot_writer;

COMMIT;
