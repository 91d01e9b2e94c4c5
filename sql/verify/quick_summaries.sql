-- Verify coredepot:quick_summaries on pg

SELECT hours[1][2] FROM issue_summaries WHERE false;
