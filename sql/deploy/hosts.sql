-- Deploy coredepot:hosts to pg
-- requires: roles

BEGIN;

-- Leases and sidecars' outages name their host, so two machines must not share a name.
CREATE TABLE hosts (
  name    text        PRIMARY KEY,
  machine text        NOT NULL,
  seen_at timestamptz NOT NULL
);
COMMENT ON TABLE  hosts         IS 'Which machine has a host name';
COMMENT ON COLUMN hosts.machine IS 'The same after each start, and another for another machine of that name';
GRANT SELECT ON hosts TO coredepot_reader, coredepot_writer;
GRANT INSERT, UPDATE ON hosts TO coredepot_writer;

-- Whether the name belongs to that machine: it is new, or the machine's own, or its owner has not been seen
-- for five minutes and so was replaced or renamed. Recorded at most once a minute, because runners start
-- often. (A time in the future comes from a clock that has been set back.)
CREATE FUNCTION take_host_name(host text, on_machine text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM hosts h
    WHERE h.name = host AND h.machine = on_machine AND h.seen_at BETWEEN now() - interval '1 minute' AND now();
  IF FOUND THEN
    RETURN true;
  END IF;
  INSERT INTO hosts AS h (name, machine, seen_at) VALUES (host, on_machine, now())
      ON CONFLICT (name) DO UPDATE SET machine = excluded.machine, seen_at = excluded.seen_at
   WHERE h.machine = on_machine
      OR h.seen_at NOT BETWEEN now() - interval '5 minutes' AND now() + interval '5 minutes';
  RETURN FOUND;
END
$$;
REVOKE EXECUTE ON FUNCTION take_host_name(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_host_name(text, text) TO coredepot_writer;

COMMIT;
