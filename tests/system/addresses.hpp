#pragma once

/// Where nginx listens, which coredepot-setup decides: parts of the story of boot_test.cpp.
namespace coredepot::test {

/// Somebody else has a port that is wanted; nothing is changed then.
void expect_that_taken_ports_are_named();

/// Other ports are used, remembered by another run and by the package, and left again.
void expect_that_other_ports_are_remembered();

/// The machine has no 127.0.0.1.
void expect_that_ipv6_is_enough();

}  // namespace coredepot::test
