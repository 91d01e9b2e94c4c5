-- Verify coredepot:quick_pages on pg

SELECT recent_hours[1], hours_ago, regressed_in FROM issue_summaries WHERE false;
SELECT 1 / (count(*) = 0)::int FROM first_issues('devices', true, 0, 0, 1);
