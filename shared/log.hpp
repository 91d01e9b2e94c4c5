#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

/// Each event is one line on standard error: a message for people, then `key=value` pairs. Under
/// systemd each line starts with its priority (`<4>…`, sd-daemon(3)), elsewhere with a time and a
/// level. Never log secrets or bodies.
namespace coredepot::log {

enum class Level { Info, Warning, Error };

struct Field {
    std::string_view key;
    std::string value;

    Field(std::string_view name, std::string_view text) : key(name), value(text) {}
    Field(std::string_view name, std::string text) : key(name), value(std::move(text)) {}
    Field(std::string_view name, const char* text) : key(name), value(text) {}
    Field(std::string_view name, std::integral auto number)
        : key(name), value(std::to_string(number)) {}
};

void write(Level level, std::string_view message, std::initializer_list<Field> fields);

inline void info(std::string_view message, std::initializer_list<Field> fields = {}) {
    write(Level::Info, message, fields);
}
inline void warning(std::string_view message, std::initializer_list<Field> fields = {}) {
    write(Level::Warning, message, fields);
}
inline void error(std::string_view message, std::initializer_list<Field> fields = {}) {
    write(Level::Error, message, fields);
}

/// While it lives, every line also has `request_id`. There is one at a time, because a process
/// answers one request at a time, or works on one claim, whose ID is its lease.
class RequestScope {
  public:
    explicit RequestScope(std::string_view request_id);
    ~RequestScope();
    RequestScope(const RequestScope&) = delete;
    RequestScope& operator=(const RequestScope&) = delete;
};

}  // namespace coredepot::log
