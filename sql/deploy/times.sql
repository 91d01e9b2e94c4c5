-- Deploy coredepot:times to pg
--
-- Times as the programs use them: microseconds since 1970. As text, they would be written according to the
-- server's settings and parsed again. Each function is one expression, which PostgreSQL puts in place of its
-- call.

BEGIN;

-- Replaced by quick_pages.sql.
CREATE FUNCTION microseconds(at timestamptz) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT (extract(epoch FROM at) * 1000000)::bigint
$$;

CREATE FUNCTION from_microseconds(since_1970 bigint) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT timestamptz 'epoch' + since_1970 * interval '1 microsecond'
$$;

COMMIT;
