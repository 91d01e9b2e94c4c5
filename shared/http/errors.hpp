#pragma once

#include <exception>
#include <string>
#include <string_view>

#include "http/response.hpp"

namespace coredepot::http {

/// No endpoint has this path.
class UnknownPath : public std::exception {};

/// The path has endpoints, but none for this method. `allow` is the header's value.
class MethodNotAllowed : public std::exception {
  public:
    explicit MethodNotAllowed(std::string allow) : allow_(std::move(allow)) {}
    const std::string& allow() const { return allow_; }

  private:
    std::string allow_;
};

/// Makes an error in the shape that all errors have.
Response error_response(int status, std::string_view code, std::string_view message,
                        std::string_view request_id);

/// The only place where an exception becomes a status. Logs what the client must not see.
Response to_response(const std::exception_ptr& failure, std::string_view request_id);

}  // namespace coredepot::http
