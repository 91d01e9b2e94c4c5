#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coredepot::http {

/// Decodes `%41`; what is not a valid escape stays as it is. `+` stays too: a firmware version may
/// hold one (SemVer's build metadata), and devices do not send forms.
std::string percent_decoded(std::string_view text);

/// The parameters of a query string. Split first, decoded after: an encoded `&` is part of a value.
class Query {
  public:
    Query() = default;
    static Query parse(std::string_view text);

    /// The first of that name; empty when absent.
    std::optional<std::string> get(std::string_view name) const;

  private:
    std::vector<std::pair<std::string, std::string>> parameters_;
};

}  // namespace coredepot::http
