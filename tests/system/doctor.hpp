#pragma once

/// coredepot-doctor and the nightly backup on the machine: parts of the story of boot_test.cpp.
namespace coredepot::test {

/// Nobody has said where to, then somebody has; the doctor tells of both.
void expect_nightly_backups();

/// Things that break one after the other, each named with what mends it, which is typed.
void expect_findings_and_their_cures();

}  // namespace coredepot::test
