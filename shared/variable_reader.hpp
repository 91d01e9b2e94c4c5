#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config.hpp"

namespace coredepot {

std::string without_trailing_slash(std::string url);

/// Reads variables and collects all complaints, so that a sysadmin can fix them in one go.
/// Complaints never repeat a value, because one of them is a password.
class VariableReader {
  public:
    explicit VariableReader(const Variables& variables) : variables_(variables) {}

    std::optional<std::string> text(const std::string& name);
    std::string required(const std::string& name, std::string_view when = "");
    /// `Integer` must hold whatever is from `least` to `most`.
    template <std::integral Integer>
    Integer integer(const std::string& name, Integer otherwise, std::int64_t least,
                    std::int64_t most) {
        return static_cast<Integer>(
            whole_number(name, static_cast<std::int64_t>(otherwise), least, most));
    }
    bool boolean(const std::string& name, bool otherwise);
    /// A folder or file. The path must be absolute, because each program has its own working
    /// directory.
    std::optional<std::filesystem::path> folder(const std::string& name);
    /// The first of several folders that systemd joined with colons (CacheDirectory=,
    /// systemd.exec(5)).
    std::optional<std::filesystem::path> first_folder(const std::string& name);
    std::filesystem::path required_folder(const std::string& name);
    std::string database_url(const std::string& name);
    std::optional<std::string> url(const std::string& name);
    /// A URL that goes between quotes in a script. It stays byte for byte as it is, because a slash
    /// at its end is part of it.
    std::optional<std::string> script_url(const std::string& name);
    /// `5,60`: seconds, exactly `count` of them.
    std::vector<std::chrono::seconds> pauses(const std::string& name, const std::string& otherwise,
                                             std::size_t count);

    void complain(const std::string& name, const std::string& what);
    /// Throws ConfigError, with all complaints.
    void throw_if_bad() const;

  private:
    std::int64_t whole_number(const std::string& name, std::int64_t otherwise, std::int64_t least,
                              std::int64_t most);
    std::filesystem::path absolute(const std::string& name, const std::filesystem::path& path);

    const Variables& variables_;
    std::string complaints_;
};

}  // namespace coredepot
