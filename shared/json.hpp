#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coredepot::json {

/// Writes one JSON text, member by member. Text that is not UTF-8 comes out with U+FFFD in place of
/// each bad byte: some of it is made by devices, and the answer must be JSON all the same.
class Writer {
  public:
    Writer();
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    Writer& begin_object();
    Writer& end_object();
    Writer& begin_array();
    Writer& end_array();
    Writer& key(std::string_view name);

    Writer& value(std::string_view text);
    Writer& value(const std::string& text) { return value(std::string_view(text)); }
    Writer& value(const char* text) { return value(std::string_view(text)); }
    Writer& value(bool truth);
    Writer& value(std::int64_t number);
    Writer& value(std::integral auto number) { return value(static_cast<std::int64_t>(number)); }
    Writer& value(std::nullopt_t nothing);
    /// What is JSON already, as it is: the caller knows that it is valid.
    Writer& raw_value(std::string_view json);
    template <class T>
    Writer& value(const std::optional<T>& maybe) {
        return maybe ? value(*maybe) : value(std::nullopt);
    }

    template <class T>
    Writer& member(std::string_view name, const T& content) {
        return key(name).value(content);
    }

    /// The text so far; the writer is done with.
    std::string take();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// A parsed JSON object, read by member name; unknown members are nobody's business.
class Object {
  public:
    enum class Fault { NotJson, NotAnObject };

    /// Empty when `text` is not a JSON object in UTF-8; `fault`, when given, says which it is.
    static std::optional<Object> parse(std::string_view text, Fault* fault = nullptr);

    ~Object();
    Object(Object&& other) noexcept;
    Object& operator=(Object&& other) noexcept;

    /// There, whatever it is; `null` counts.
    bool has(std::string_view name) const;
    bool is_null(std::string_view name) const;
    /// Empty when absent or not a string. Not UTF-8 when an escape named half a surrogate pair
    /// (RapidJSON refuses only the first half): who reads decides whether that is refused or
    /// mended.
    std::optional<std::string> string(std::string_view name) const;
    /// Empty when absent or not an integer of 64 bits. As JSON Schema has it, `17.0` and `1.7e1`
    /// are integers too; of those, what is less than 2^53, up to where a double holds each.
    std::optional<std::int64_t> integer(std::string_view name) const;
    /// Empty when absent or not a number; `17`, `17.5` and `1.7e9` are.
    std::optional<double> number(std::string_view name) const;
    /// Empty when absent or neither true nor false.
    std::optional<bool> boolean(std::string_view name) const;
    /// Of the members, in the order of the text.
    std::vector<std::string> names() const;
    /// Empty when absent or not an object.
    std::optional<Object> object(std::string_view name) const;
    /// Empty when absent, not an array, or one of anything but strings.
    std::optional<std::vector<std::string>> strings(std::string_view name) const;
    /// Empty when absent, not an array, or one of anything but integers, as integer() has them.
    std::optional<std::vector<std::int64_t>> integers(std::string_view name) const;
    /// Empty when absent, not an array, or one of anything but objects.
    std::optional<std::vector<Object>> objects(std::string_view name) const;

    /// Whether this object, or any below it, has two members of one name: what other readers of
    /// the same text make of that nobody knows.
    bool has_duplicates() const;

    /// This object as text without some of its members, fit for PostgreSQL's jsonb: NULs in texts
    /// become spaces, and what is not UTF-8 is mended. Empty when it nests deeper than 64 levels.
    std::optional<std::string> jsonb_without(std::initializer_list<std::string_view> members) const;
    /// Likewise with no others than these.
    std::optional<std::string> jsonb_of(std::initializer_list<std::string_view> members) const;

  private:
    std::optional<std::string> jsonb_if(const std::function<bool(std::string_view)>& is_in) const;

    struct Impl;
    explicit Object(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace coredepot::json
