#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace coredepot::test {

/// The device that docs/esp-idf runs on: its flash, and what goes wrong on its way to the server.
struct EspDevice {
    std::string core_dump;  ///< in its partition; empty: none
    int erased = 0;         ///< how often the core dump was

    std::string written;                ///< by the OTA update under way
    std::optional<std::string> booted;  ///< the image that was chosen for the next boot

    bool loses_next_answer = false;  ///< the request arrives, its answer does not
    std::optional<std::size_t> next_body_breaks_after;  ///< bytes of a body, once
    std::function<void()> on_break;                     ///< called at that moment
};

/// One for all: ESP-IDF's functions have no device for an argument.
EspDevice& esp_device();

}  // namespace coredepot::test
