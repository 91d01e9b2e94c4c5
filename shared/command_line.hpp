#pragma once

#include <chrono>
#include <functional>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace coredepot {

/// What a program says about itself.
struct Program {
    const char* name;
    const char* usage;  ///< --help prints it, and errors print it below the complaint
};

/// The caller used the program wrongly. The text is a sentence for people, in lower case.
class UsageError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Parses an option's value: a number of seconds, up to a year. Throws UsageError.
std::chrono::seconds seconds_of(std::string_view option, std::string_view text);

/// An option `--name`.
struct Option {
    /// An option without a value. It sets `is_given`.
    Option(const char* name, bool& is_given);
    /// An option with a value: `--name VALUE` or `--name=VALUE`. `needs` describes the value, such
    /// as "a number of seconds", for the error when it is missing. `take` gets the value and may
    /// throw UsageError.
    Option(const char* name, const char* needs, std::function<void(const std::string&)> take);

    const char* name;
    const char* needs = nullptr;  ///< null: the option has no value
    std::function<void(const std::string&)> take;
};

/// Reads a command line as getopt_long(3) does: options and arguments come in any order, names of
/// options may be shortened while they are unique, and after `--` everything is an argument. Every
/// program has `--help`, `-h` and `--version`.
///
/// Returns the arguments that are not options; empty when it has printed the help or the version.
/// Throws UsageError.
std::optional<std::vector<std::string>> read_command_line(const Program& program, int argc,
                                                          char* const* argv,
                                                          std::initializer_list<Option> options);

/// Prints on standard error what is wrong and how to use the program.
void complain(const Program& program, const UsageError& error);

}  // namespace coredepot
