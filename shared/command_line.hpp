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
    const char* usage;  ///< what --help prints, and what stands below an error
};

/// Something that the caller of the program did wrong: a sentence for people, in lower case.
class UsageError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The value of an option that needs a number of seconds, up to a year. Throws UsageError.
std::chrono::seconds seconds_of(std::string_view option, std::string_view text);

/// An option `--name`.
struct Option {
    /// Without a value; `is_given` becomes true.
    Option(const char* name, bool& is_given);
    /// With one, as `--name VALUE` or `--name=VALUE`; `needs` says what, for the error where it is
    /// missing: "a number of seconds". `take` is called with it, and may throw a UsageError.
    Option(const char* name, const char* needs, std::function<void(const std::string&)> take);

    const char* name;
    const char* needs = nullptr;  ///< null: it has no value
    std::function<void(const std::string&)> take;
};

/// Reads a command line as getopt_long(3) does: options and arguments in any order, names of
/// options as short as they are unique, nothing but arguments behind `--`. `--help`, `-h` and
/// `--version` are every program's.
///
/// Returns the arguments that are no options; empty: the user asked for help or the version, which
/// has been printed. Throws UsageError.
std::optional<std::vector<std::string>> read_command_line(const Program& program, int argc,
                                                          char* const* argv,
                                                          std::initializer_list<Option> options);

/// Says on standard error what is wrong, and how the program is used.
void complain(const Program& program, const UsageError& error);

}  // namespace coredepot
