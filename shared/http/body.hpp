#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>

namespace coredepot::http {

/// The client sent less than it announced, so the body is incomplete.
class BodyTruncated : public std::runtime_error {
  public:
    BodyTruncated() : std::runtime_error("the body is shorter than its Content-Length") {}
};

/// A request's body. It is read when the handler asks for it.
class Body {
  public:
    /// Writes up to `length` bytes to `target` and returns how many; 0 at the end.
    using Source = std::function<std::size_t(char* target, std::size_t length)>;

    Body() = default;
    /// `declared` is the Content-Length; empty when there is none, and then the body ends with the
    /// data.
    Body(std::optional<std::uint64_t> declared, Source source)
        : declared_(declared), source_(std::move(source)) {}

    /// The whole body; empty when it is longer than `limit` bytes, which may be known without
    /// reading. Throws BodyTruncated.
    std::optional<std::string> read(std::uint64_t limit) const;

    /// Whether bytes were announced but not read.
    bool leaves_some() const { return !is_read_ && declared_.value_or(0) > 0; }

  private:
    std::optional<std::uint64_t> declared_ = 0;
    Source source_;
    mutable bool is_read_ = false;
};

}  // namespace coredepot::http
