-- Deploy coredepot:devices to pg
-- requires: roles

BEGIN;

CREATE TABLE device_models (
  id               bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  code             text        NOT NULL UNIQUE CHECK (code ~ '^[a-z0-9_]{1,50}$'),
  name             text        NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
  firmware_version text        CHECK (firmware_version ~ '^[ -~]{1,50}$'
                                      AND firmware_version !~ '[/\\]|^\.'),
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE  device_models      IS 'A hardware type';
COMMENT ON COLUMN device_models.code IS
  'Names folders and OIDC clients: no role may update it';
COMMENT ON COLUMN device_models.firmware_version IS 'What devices of this model download now';

CREATE TABLE devices (
  id               bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  key              text        NOT NULL UNIQUE CHECK (key ~ '^[a-z0-9]{8}$'),
  device_model_id  bigint      NOT NULL REFERENCES device_models ON DELETE RESTRICT,
  device_name      text        CHECK (length(device_name) BETWEEN 1 AND 255),
  last_coredump_at timestamptz,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 80);  -- each upload updates its device: room for the new version on the page
COMMENT ON TABLE  devices                  IS 'One unit';
COMMENT ON COLUMN devices.last_coredump_at IS
  'Upload time of its newest core dump, also after that dump is deleted';

CREATE INDEX devices_by_model ON devices (device_model_id, id);

GRANT SELECT ON device_models, devices TO coredepot_reader, coredepot_writer;
GRANT INSERT, DELETE ON device_models, devices TO coredepot_writer;
GRANT UPDATE (name, firmware_version, updated_at) ON device_models TO coredepot_writer;
GRANT UPDATE (device_name, last_coredump_at, updated_at) ON devices TO coredepot_writer;

COMMIT;
