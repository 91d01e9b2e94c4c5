#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

/// One line an event on standard error: a message for people, then `key=value` pairs. Under
/// systemd each line carries its priority (`<4>…`, sd-daemon(3)); elsewhere a time and a level.
/// Secrets and bodies do not belong in here.
namespace coredepot::log {

enum class Level { Debug, Info, Warning, Error };

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

/// While it lives, every line also carries `request_id`. One at a time: a process answers one
/// request (or works on one claim, whose lease is its id) at a time.
class RequestScope {
  public:
    explicit RequestScope(std::string_view request_id);
    ~RequestScope();
    RequestScope(const RequestScope&) = delete;
    RequestScope& operator=(const RequestScope&) = delete;
};

}  // namespace coredepot::log
