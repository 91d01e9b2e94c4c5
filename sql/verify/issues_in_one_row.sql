-- Verify coredepot:issues_in_one_row on pg

SELECT first_version, last_version, fixed_in, hours, hours_to FROM issues WHERE false;
SELECT 1 / (with_hour('{1}', 'epoch', timestamptz 'epoch' + interval '2 hours', 5) = '{5,0,1}')::int;
