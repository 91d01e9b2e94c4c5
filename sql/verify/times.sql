-- Verify coredepot:times on pg

BEGIN;

SELECT 1 / (microseconds('2026-02-11 14:30:00.123456+00') = 1770820200123456)::int;
SELECT 1 / (from_microseconds(1770820200123456) = '2026-02-11 14:30:00.123456+00')::int;

ROLLBACK;
