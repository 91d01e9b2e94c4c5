#pragma once

#include <stdexcept>
#include <string>

#include "http/request.hpp"

namespace coredepot::http {

/// The body comes packed in a way that nobody here unpacks (RFC 9110, section 15.5.16).
class UnsupportedCoding : public std::runtime_error {
  public:
    /// `accepted`: codings for the Accept-Encoding header of the answer.
    UnsupportedCoding(const std::string& what, std::string accepted)
        : std::runtime_error(what), accepted_(std::move(accepted)) {}
    const std::string& accepted() const { return accepted_; }

  private:
    std::string accepted_;
};

/// Throws UnsupportedCoding when the request says that its body is packed.
void require_plain_body(const Request& request);

/// The core dump that a request carries: its body; what that unpacks to where it is gzip by its
/// Content-Encoding; the file in it where it is a form (multipart/form-data), as curl -F and most
/// HTTP libraries send files. What only says that it is a form stays as it is. May be empty. A
/// device erases its copy whatever the answer, so what can be taken apart is; the rest is refused,
/// for stored as it is it would never be decoded. Throws core::ValidationFailed, UnsupportedCoding.
std::string read_dump(const Request& request);

}  // namespace coredepot::http
