-- Deploy coredepot:upload_limit to pg
-- requires: roles

BEGIN;

-- The rule of shared/domain/upload_limit.hpp. A device's budget of uploads is empty upload_window before
-- budget_full_at, and full from then on (null: it is full). One upload comes back every upload_refill (zero:
-- no limit).
--
-- A debt of more than a whole window does not come from this limit: the limit was lowered, or the clock was
-- set back. Nobody is kept out for that.
--
-- Each function is one expression, which PostgreSQL puts in place of its call.

-- How long a device has to wait at that time before it may upload; zero: it may upload now.
CREATE FUNCTION upload_wait(
  budget_full_at timestamptz, at timestamptz, upload_window interval, upload_refill interval
) RETURNS interval LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN budget_full_at > at + upload_window THEN interval '0'
    ELSE greatest(budget_full_at + upload_refill - upload_window - at, interval '0')
  END
$$;

-- When the budget will be full again after an upload at that time.
CREATE FUNCTION upload_budget_after(
  budget_full_at timestamptz, at timestamptz, upload_window interval, upload_refill interval
) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN upload_refill = interval '0' THEN budget_full_at
    WHEN budget_full_at > at + upload_window THEN at + upload_window
    ELSE greatest(budget_full_at, at) + upload_refill
  END
$$;

REVOKE EXECUTE ON FUNCTION
  upload_wait(timestamptz, timestamptz, interval, interval),
  upload_budget_after(timestamptz, timestamptz, interval, interval)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  upload_wait(timestamptz, timestamptz, interval, interval),
  upload_budget_after(timestamptz, timestamptz, interval, interval)
  TO coredepot_writer;

COMMIT;
