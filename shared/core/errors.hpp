#pragma once

#include <chrono>
#include <stdexcept>
#include <string>

/// What a use case can refuse. The text is for the client: it names nothing but what the client
/// sent or may know. http/errors.cpp turns each into a status.
namespace coredepot::core {

class Refusal : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// `"{thing} {identifier} was not found"`
class NotFound : public Refusal {
  public:
    NotFound(const std::string& thing, const std::string& identifier)
        : Refusal(thing + ' ' + identifier + " was not found") {}

  protected:
    using Refusal::Refusal;
};

/// A core dump's file that retention gave up; its row is there.
class FileExpired : public NotFound {
  public:
    /// `at`: for people.
    FileExpired(const std::string& identifier, const std::string& at)
        : NotFound("The file of coredump " + identifier + " expired at " + at +
                   " to make room for others; its report is still there") {}
};

/// What the client sent is not acceptable.
class ValidationFailed : public Refusal {
  public:
    using Refusal::Refusal;
};

/// `"Cannot {operation} because {cause}"`
class InvalidOperation : public Refusal {
  public:
    InvalidOperation(const std::string& operation, const std::string& cause)
        : Refusal("Cannot " + operation + " because " + cause) {}
};

/// `"Cannot {operation} because {cause}"`: what it is about is in another state by now.
class Conflict : public Refusal {
  public:
    Conflict(const std::string& operation, const std::string& cause)
        : Refusal("Cannot " + operation + " because " + cause) {}
};

/// A unique thing exists already.
class AlreadyExists : public Refusal {
  public:
    using Refusal::Refusal;
};

/// The client is who it says, and this is not its to use.
class NotAllowed : public Refusal {
  public:
    using Refusal::Refusal;
};

/// More often than is accepted.
class RateLimited : public Refusal {
  public:
    RateLimited(const std::string& what, std::chrono::microseconds wait)
        : Refusal(what), wait_(wait) {}
    /// After which it is accepted again.
    std::chrono::microseconds wait() const { return wait_; }

  private:
    std::chrono::microseconds wait_;
};

/// What the client has in mind is not what there is.
class PreconditionFailed : public Refusal {
  public:
    using Refusal::Refusal;
};

/// More bytes than are accepted.
class PayloadTooLarge : public Refusal {
  public:
    using Refusal::Refusal;
};

}  // namespace coredepot::core
