#pragma once

/// Packages of other versions, and under bad circumstances: parts of the story of boot_test.cpp.
namespace coredepot::test {

/// The same version once more, while the database is away.
void expect_that_it_installs_without_postgresql();

/// An upgrade from a version that had one handler less.
void expect_that_a_new_handler_gets_its_processes();

/// After the upgrade: an older version beside the newer schema, then as the runbook has it.
void expect_that_there_is_a_way_back();

}  // namespace coredepot::test
