#pragma once

#include <string>

/// What breaks by itself or by an accident, and comes back without anybody who knows how: parts of
/// the story of boot_test.cpp.
namespace coredepot::test {

/// nginx and PostgreSQL are killed; who stops PostgreSQL has it stopped.
void expect_that_what_is_killed_comes_back();

/// rm -r /run/coredepot, and a restart.
void expect_that_a_restart_mends_the_run_folder();

/// There is no room for counters, then there is.
void expect_that_counters_come_back();

/// A restart and a boot of the machine with a configuration of which nothing can run: both end, say
/// why, and take nothing else along.
void expect_that_a_bad_configuration_holds_nothing_up();

/// While all are told to reload by `line`, of each handler there is a process.
void expect_turns(const std::string& line);

}  // namespace coredepot::test
