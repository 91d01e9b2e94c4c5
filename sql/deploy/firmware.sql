-- Deploy coredepot:firmware to pg
-- requires: registry

BEGIN;

CREATE TABLE firmware_versions (
  id              bigint           PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  device_model_id bigint           NOT NULL REFERENCES device_models ON DELETE CASCADE,
  version         firmware_version NOT NULL,
  revision        bigint           NOT NULL DEFAULT 0,
  elf_sha256      sha256_hex,
  bin_sha256      sha256_hex       NOT NULL,
  created_at      timestamptz      NOT NULL DEFAULT now(),
  updated_at      timestamptz      NOT NULL DEFAULT now(),
  UNIQUE (device_model_id, version)
);
COMMENT ON TABLE  firmware_versions            IS 'Every version of a model that was uploaded';
COMMENT ON COLUMN firmware_versions.revision   IS 'the model''s firmware_revision of its last upload';
COMMENT ON COLUMN firmware_versions.elf_sha256 IS
  'Of the whole ELF file in the bundle; null for a plain .bin, which brings no ELF';

-- A core dump names its ELF by the start of this hash.
CREATE INDEX firmware_versions_by_elf
  ON firmware_versions (device_model_id, elf_sha256 text_pattern_ops);

GRANT SELECT ON firmware_versions TO coredepot_reader, coredepot_writer;
GRANT INSERT, UPDATE, DELETE ON firmware_versions TO coredepot_writer;

COMMIT;
