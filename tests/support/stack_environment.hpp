#pragma once

#include <functional>

#include "support/stack.hpp"

namespace coredepot::test {

/// Gives this test program one stack: started before its first test, stopped after its last, with
/// `settings` of the time when it starts. For the initialiser of a constant at namespace scope.
///
/// What the stack said during a test that failed is printed. At the end the program fails when a
/// handler died, when one met what it had no answer for, or when a sanitizer complained.
bool use_stack(std::function<Settings()> settings);

/// The stack of this program.
Stack& stack();

/// Stops it and starts another one in the same folder.
void restart_stack(const Settings& settings);

/// From here on the handlers' processes of this moment are those that must not die: for a test that
/// ended some on purpose.
void accept_new_handlers();

}  // namespace coredepot::test
