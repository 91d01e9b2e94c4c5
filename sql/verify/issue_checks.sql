-- Verify coredepot:issue_checks on pg

SELECT 1 / (count(*) = 1)::int FROM pg_trigger WHERE tgrelid = 'issues'::regclass AND tgname = 'issue_is_sound';
