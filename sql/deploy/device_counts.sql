-- Deploy coredepot:device_counts to pg
-- requires: registry

BEGIN;

-- Counted when devices come and go, which is rare, instead of each time models are listed.
ALTER TABLE device_models ADD COLUMN device_count bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN device_models.device_count IS 'kept by triggers on devices, whose model never changes';

-- Runs as its owner, so that writers of devices need no right to the count.
CREATE FUNCTION count_devices() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE device_models m SET device_count = device_count + n.devices
      FROM (SELECT device_model_id, count(*) AS devices FROM new_rows GROUP BY 1) AS n
     WHERE m.id = n.device_model_id;
  ELSIF TG_OP = 'DELETE' THEN
    UPDATE device_models m SET device_count = device_count - n.devices
      FROM (SELECT device_model_id, count(*) AS devices FROM old_rows GROUP BY 1) AS n
     WHERE m.id = n.device_model_id;
  ELSE
    UPDATE device_models SET device_count = 0;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER devices_inserted AFTER INSERT ON devices
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION count_devices();
CREATE TRIGGER devices_deleted AFTER DELETE ON devices
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION count_devices();
CREATE TRIGGER devices_truncated AFTER TRUNCATE ON devices
  FOR EACH STATEMENT EXECUTE FUNCTION count_devices();

COMMIT;
