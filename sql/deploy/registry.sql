-- Deploy coredepot:registry to pg
-- requires: roles
-- requires: domains

BEGIN;

CREATE TABLE device_models (
  id                bigint       PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  code              model_code   NOT NULL UNIQUE,
  name              display_name NOT NULL,
  firmware_version  firmware_version,
  firmware_revision bigint       NOT NULL DEFAULT 0,
  created_at        timestamptz  NOT NULL DEFAULT now(),
  updated_at        timestamptz  NOT NULL DEFAULT now()
);
COMMENT ON TABLE  device_models      IS 'A hardware type';
COMMENT ON COLUMN device_models.code IS
  'Names folders and OIDC clients: no role may update it';
COMMENT ON COLUMN device_models.firmware_version IS 'What devices of this model download now';
-- Tells whether firmware was uploaded after somebody looked at the files. A clock cannot tell: a
-- transaction's time is that of its start.
COMMENT ON COLUMN device_models.firmware_revision IS 'how many times firmware was uploaded for it';

CREATE TABLE devices (
  id                    bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  key                   device_key  NOT NULL UNIQUE,
  device_model_id       bigint      NOT NULL REFERENCES device_models ON DELETE RESTRICT,
  device_name           display_name,
  client_id             client_id,
  last_coredump_at      timestamptz,
  upload_budget_full_at timestamptz,
  created_at            timestamptz NOT NULL DEFAULT now(),
  updated_at            timestamptz NOT NULL DEFAULT now()
) WITH (
  -- Each upload updates its device: room for the new version on the same page.
  fillfactor = 80,
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000
);
COMMENT ON TABLE  devices           IS 'One unit';
COMMENT ON COLUMN devices.client_id IS
  'What the identity provider calls it; null: iotdevice-{code of the model}-{key}';
COMMENT ON COLUMN devices.last_coredump_at IS
  'Upload time of its newest core dump, also after that dump is deleted';
COMMENT ON COLUMN devices.upload_budget_full_at IS
  'When it may upload a whole burst again (see shared/domain/upload_limit.hpp); null: now';

CREATE INDEX devices_by_model ON devices (device_model_id, id);
CREATE UNIQUE INDEX devices_by_client ON devices (client_id) WHERE client_id IS NOT NULL;

GRANT SELECT ON device_models, devices TO coredepot_reader, coredepot_writer;
GRANT INSERT, DELETE ON device_models, devices TO coredepot_writer;
GRANT UPDATE (name, firmware_version, firmware_revision, updated_at) ON device_models TO coredepot_writer;
GRANT UPDATE (device_name, client_id, last_coredump_at, upload_budget_full_at, updated_at) ON devices
  TO coredepot_writer;

COMMIT;
