#pragma once

#include <map>
#include <ostream>
#include <string>
#include <vector>

namespace coredepot::test {

/// How a program ended and what it said.
struct InvocationResult {
    int status = -1;  ///< as a shell has it: 128 + signal when it was killed
    std::string output;
    std::string errors;
};
std::ostream& operator<<(std::ostream& out, const InvocationResult& result);

/// A program to be run as a user would: found in PATH, its standard input empty.
struct Invocation {
    std::vector<std::string> arguments;                   ///< the first is the program
    std::map<std::string, std::string> environment = {};  ///< on top of that of the test
    std::string folder = "/";                             ///< that it works in
};

/// Waits for its end. A program that cannot be started ends with 127.
InvocationResult invoke(const Invocation& invocation);

}  // namespace coredepot::test
