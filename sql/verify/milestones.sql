-- Verify coredepot:milestones on pg

BEGIN;

SELECT is_milestone FROM coredumps WHERE false;
SELECT is_milestone FROM coredump_arrivals WHERE false;
SELECT 1 / (count(*) = 2)::int FROM pg_trigger WHERE tgname IN ('milestone_of_history', 'milestone_of_version');

ROLLBACK;
