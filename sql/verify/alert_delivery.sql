-- Verify coredepot:alert_delivery on pg

BEGIN;

SELECT count(*), next_alert_in() FROM claim_alert(60, NULL);
SELECT record_alert(0, gen_random_uuid(), 0, 'delivered', 200, 1, NULL, NULL, NULL), test_alert(0);
SELECT digest_facts(NULL, NULL), issue_facts(0, NULL);

ROLLBACK;
