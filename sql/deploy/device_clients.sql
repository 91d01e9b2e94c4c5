-- Deploy coredepot:device_clients to pg
-- requires: domains

BEGIN;

-- Of identity providers that make ids of clients up by themselves. Those that we make up are not kept: they
-- follow from model and key. Rewrites devices, which nobody can use meanwhile; uploads go to the spool for
-- that long.
CREATE DOMAIN client_id AS text CHECK (VALUE ~ '^[ -~]{1,255}$' AND VALUE !~ '^iotdevice-');

ALTER TABLE devices ADD COLUMN client_id client_id;
COMMENT ON COLUMN devices.client_id IS
  'What the identity provider calls it; null: iotdevice-{code of the model}-{key}';

CREATE UNIQUE INDEX devices_by_client ON devices (client_id) WHERE client_id IS NOT NULL;

GRANT UPDATE (client_id) ON devices TO coredepot_writer;

COMMIT;
