-- Revert coredepot:kept_elves from pg

BEGIN;

DROP FUNCTION give_up_elves(bigint, integer);
DROP TRIGGER elf_replaced ON firmware_versions;
DROP FUNCTION keep_replaced_elf();
DROP TABLE kept_elves;

COMMIT;
