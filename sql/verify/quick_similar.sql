-- Verify coredepot:quick_similar on pg

SELECT 1 / (count(*) = 0)::int FROM similar_issues(0, 1);
