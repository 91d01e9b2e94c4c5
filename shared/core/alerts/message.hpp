#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coredepot::core {

/// A message for people, as text that still has to be escaped. It contains names of functions and
/// tasks, which come from devices; characters that could mislead a terminal or a reader are masked.
struct AlertText {
    /// An issue, and what happened to it.
    struct Item {
        std::string what;   ///< `New`, `Regressed in 1.8.2 (fixed in 1.8.1)`
        std::string name;   ///< `THERMOSTAT-12`
        std::string title;  ///< what crashed
        std::string facts;  ///< devices, core dumps, versions
        std::optional<std::string> url;
    };

    std::string headline;
    std::vector<Item> items;
    /// The issue's name, if the message is about a single one.
    std::optional<std::string> issue;
};

/// Reads a message's body (sql/deploy/alert_delivery.sql). Leaves out what it cannot read.
AlertText read_alert(std::string_view body);

}  // namespace coredepot::core
