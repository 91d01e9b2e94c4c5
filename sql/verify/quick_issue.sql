-- Verify coredepot:quick_issue on pg

SELECT 1 / (issue_name('thermostat', 12) = 'THERMOSTAT-12')::int;
SELECT 1 / (unsettled_coredumps(0) = 0)::int;
SELECT kept FROM issue_summaries WHERE false;
