#pragma once

#include <map>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "config.hpp"

namespace coredepot::test {

using Settings = std::map<std::string, std::string>;

inline Variables variables(const Settings& settings) {
    return [settings](const std::string& name) -> std::optional<std::string> {
        const auto found = settings.find(name);
        if (found == settings.end()) return std::nullopt;
        return found->second;
    };
}

/// What has to be there, and no tokens.
inline Settings least() {
    return {{"DATABASE_URL", "postgresql://u:secret@db/coredepot"},
            {"ASSETS_DIR", "/srv/assets"},
            {"OIDC_ENABLED", "false"}};
}

inline Config load(Settings settings) {
    settings.merge(least());
    return Config::load(variables(settings));
}

/// The message of the ConfigError that the settings end in; empty when they do not.
inline std::string complaint(const Settings& settings) {
    try {
        Config::load(variables(settings));
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "";
}

/// The same for one value in settings that are good otherwise.
inline std::string complaint(const std::string& name, const std::string& value) {
    auto settings = least();
    settings[name] = value;
    return complaint(settings);
}

}  // namespace coredepot::test
