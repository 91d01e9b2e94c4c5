#pragma once

/// An object store in place of folders: a part of the story of boot_test.cpp.
namespace coredepot::test {

/// As the runbook says it is begun, what is there is moved into the bucket and back, and the
/// folders are all there is again.
void expect_that_a_bucket_can_be_used_and_left();

}  // namespace coredepot::test
