-- Verify coredepot:retention on pg

BEGIN;

SELECT id, device_id, signature, came_at FROM coredump_arrivals WHERE false;
SELECT 1 / has_function_privilege('coredepot_writer', 'surplus_coredumps(bigint, bigint, integer)',
                                  'EXECUTE')::int;

ROLLBACK;
