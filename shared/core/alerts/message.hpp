#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coredepot::core {

/// What a message says, for people, in words that are still to be escaped. Names of functions and
/// tasks are in it, which devices make up; what a terminal or a reader would be misled by is
/// masked.
struct AlertText {
    /// One issue and what became of it.
    struct Item {
        std::string what;   ///< `New`, `Regressed in 1.8.2 (fixed in 1.8.1)`
        std::string name;   ///< `THERMOSTAT-12`
        std::string title;  ///< what crashed
        std::string facts;  ///< devices, core dumps, versions
        std::optional<std::string> url;
    };

    std::string headline;
    std::vector<Item> items;
    /// When it is about one issue alone, its name.
    std::optional<std::string> issue;
};

/// Of a message's body (sql/deploy/alert_delivery.sql). What cannot be read is left out.
AlertText read_alert(std::string_view body);

}  // namespace coredepot::core
