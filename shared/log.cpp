#include "log.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text/utf8.hpp"

namespace coredepot::log {
namespace {

std::string& current_request_id() {
    static std::string id;
    return id;
}

/// Whether standard error goes to the journal. JOURNAL_STREAM has the device and inode of the
/// journal's socket (systemd.exec(5)). It stays set when standard error is redirected, so we
/// compare them.
bool to_journal() {
    static const bool journal = [] {
        const char* const stream = std::getenv("JOURNAL_STREAM");
        struct stat status {};
        if (stream == nullptr || ::fstat(STDERR_FILENO, &status) != 0) return false;
        return stream == std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino);
    }();
    return journal;
}

spdlog::logger& logger() {
    static const auto instance = [] {
        auto made = std::make_shared<spdlog::logger>(
            "coredepot", std::make_shared<spdlog::sinks::stderr_sink_st>());
        made->set_pattern(to_journal() ? "%v" : "%Y-%m-%dT%H:%M:%S.%fZ %l [%P] %v",
                          spdlog::pattern_time_type::utc);
        return made;
    }();
    return *instance;
}

/// syslog(3) priorities.
std::string_view priority(Level level) {
    switch (level) {
        case Level::Info:
            return "<6>";
        case Level::Warning:
            return "<4>";
        case Level::Error:
            return "<3>";
    }
    return "<3>";
}

spdlog::level::level_enum spdlog_level(Level level) {
    switch (level) {
        case Level::Info:
            return spdlog::level::info;
        case Level::Warning:
            return spdlog::level::warn;
        case Level::Error:
            return spdlog::level::err;
    }
    return spdlog::level::err;
}

/// Quotes a value that holds anything that would end a field or a line: values come from outside.
/// Nothing in the result acts on a terminal, and the journal stores it as text.
std::string quoted_field(std::string_view value) {
    const bool plain = !value.empty() && std::ranges::all_of(value, [](char c) {
        return c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\';
    });
    if (plain) return std::string(value);
    std::string text = "\"";
    for (const char c : to_visible(value, ' ')) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return text + '"';
}

}  // namespace

void write(Level level, std::string_view message, std::initializer_list<Field> fields) {
    std::string line(to_journal() ? priority(level) : "");
    line += message;
    for (const auto& field : fields) {
        line += ' ';
        line += field.key;
        line += '=';
        line += quoted_field(field.value);
    }
    if (!current_request_id().empty()) line += " request_id=" + quoted_field(current_request_id());
    logger().log(spdlog_level(level), line);
}

RequestScope::RequestScope(std::string_view request_id) {
    current_request_id() = request_id;
}
RequestScope::~RequestScope() {
    current_request_id().clear();
}

}  // namespace coredepot::log
