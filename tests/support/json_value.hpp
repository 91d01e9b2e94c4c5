#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace coredepot::test {

/// Any JSON text, read by a test. Whatever is not as the test expects throws std::runtime_error,
/// which fails the test with the text that it happened in.
class JsonValue {
  public:
    static JsonValue parse(std::string_view text);

    bool is_object() const;
    bool is_null() const;
    bool has(const std::string& member) const;
    /// The names of an object's members.
    std::set<std::string> members() const;

    JsonValue at(const std::string& member) const;
    JsonValue at(std::size_t index) const;
    /// Of an array.
    std::size_t size() const;

    std::string text() const;
    std::int64_t integer() const;
    bool truth() const;

  private:
    struct Document;
    JsonValue(std::shared_ptr<const Document> document, const void* value)
        : document_(std::move(document)), value_(value) {}
    const void* find(const std::string& member) const;  ///< null when absent
    [[noreturn]] void fail(const std::string& why) const;

    std::shared_ptr<const Document> document_;
    const void* value_;
};

}  // namespace coredepot::test
