#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coredepot::http {

/// Decodes `%41`. Invalid escapes stay as they are. `+` stays, too: a firmware version may contain
/// it (SemVer's build metadata), and devices do not send forms.
std::string percent_decoded(std::string_view text);

/// The parameters of a query string. It is split first and decoded afterwards, so that a value may
/// contain an encoded `&`.
class Query {
  public:
    Query() = default;
    static Query parse(std::string_view text);

    /// The first value with that name; empty when absent.
    std::optional<std::string> get(std::string_view name) const;

  private:
    std::vector<std::pair<std::string, std::string>> parameters_;
};

}  // namespace coredepot::http
