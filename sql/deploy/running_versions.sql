-- Deploy coredepot:running_versions to pg
-- requires: registry

BEGIN;

-- The versions that devices say they run when they ask for the current version. This counts adoption and
-- nothing else: a device's claim does not prove what it crashed with.
ALTER TABLE devices ADD COLUMN running_version firmware_version,
                    ADD COLUMN running_seen_at timestamptz;
COMMENT ON COLUMN devices.running_version IS 'What it last said that it runs; null: it never did';
COMMENT ON COLUMN devices.running_seen_at IS 'When that was written down: at most once a day and at each change';

-- Counted when devices change, so that nobody has to count them all. There is one row for each version that a
-- device runs, so devices that make up versions make no more rows than there are devices.
CREATE TABLE running_versions (
  device_model_id bigint           NOT NULL REFERENCES device_models ON DELETE CASCADE,
  version         firmware_version NOT NULL,
  devices         bigint           NOT NULL,
  PRIMARY KEY (device_model_id, version)
) WITH (fillfactor = 50);

-- Runs as its owner, like count_devices().
CREATE FUNCTION count_running() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  now_running  text := CASE WHEN TG_OP = 'UPDATE' THEN NEW.running_version END;
  changed      record;
BEGIN
  -- In the order of their names: two devices that swap versions must not wait for each other.
  FOR changed IN SELECT v.version, v.change
                   FROM (VALUES (OLD.running_version::text, -1), (now_running, 1)) AS v (version, change)
                  WHERE v.version IS NOT NULL ORDER BY v.version LOOP
    INSERT INTO running_versions AS r (device_model_id, version, devices)
    VALUES (OLD.device_model_id, changed.version, greatest(changed.change, 0))
        ON CONFLICT (device_model_id, version) DO UPDATE SET devices = r.devices + changed.change;
    DELETE FROM running_versions r
     WHERE r.device_model_id = OLD.device_model_id AND r.version = changed.version AND r.devices <= 0;
  END LOOP;
  RETURN NULL;
END
$$;
CREATE TRIGGER device_runs AFTER UPDATE OF running_version ON devices
  FOR EACH ROW WHEN (OLD.running_version IS DISTINCT FROM NEW.running_version) EXECUTE FUNCTION count_running();
CREATE TRIGGER device_runs_no_more AFTER DELETE ON devices
  FOR EACH ROW WHEN (OLD.running_version IS NOT NULL) EXECUTE FUNCTION count_running();

GRANT SELECT ON running_versions TO coredepot_reader, coredepot_writer;
GRANT UPDATE (running_version, running_seen_at) ON devices TO coredepot_writer;

COMMIT;
