-- Verify coredepot:hosts on pg

BEGIN;

SELECT name, machine, seen_at FROM hosts WHERE false;
SELECT take_host_name('verify', 'a');
SELECT 1 / (NOT take_host_name('verify', 'b'))::int;

ROLLBACK;
