#pragma once

#include <string>

#include "support/command.hpp"

/// What somebody does as root on the machine.
namespace coredepot::test {

void expect_success(const CommandResult& result, const std::string& what);

/// A line of bash, which has to succeed.
void do_as_root(const std::string& line);

/// Gives a variable of coredepot.env another value.
void set(const std::string& name, const std::string& value);

/// The unit of the machine's PostgreSQL cluster, of which there is one:
/// `postgresql@{version}-main.service`.
std::string postgresql_unit();

/// The commands that a document gives first after the line that begins so (a pattern of sed's).
std::string documented(const std::string& document, const std::string& line);

}  // namespace coredepot::test
