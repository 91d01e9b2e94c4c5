#pragma once

#include <stdexcept>
#include <string>

#include "http/request.hpp"

namespace coredepot::http {

/// The body has a coding that we cannot unpack (RFC 9110, section 15.5.16).
class UnsupportedCoding : public std::runtime_error {
  public:
    /// `accepted`: the codings for the answer's Accept-Encoding header.
    UnsupportedCoding(const std::string& what, std::string accepted)
        : std::runtime_error(what), accepted_(std::move(accepted)) {}
    const std::string& accepted() const { return accepted_; }

  private:
    std::string accepted_;
};

/// Throws UnsupportedCoding when the request says that its body is packed.
void require_plain_body(const Request& request);

/// The core dump in a request: its body; the unpacked body if its Content-Encoding is gzip; or the
/// file in a form (multipart/form-data), as curl -F and most HTTP libraries send files. A body that
/// only claims to be a form is taken as it is. May be empty. A device erases its copy whatever we
/// answer, so we unpack what we can. We refuse the rest, which could never be decoded as it is.
/// Throws core::ValidationFailed and UnsupportedCoding.
std::string read_dump(const Request& request);

}  // namespace coredepot::http
