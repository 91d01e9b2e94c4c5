#pragma once

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>

/// The reasons why a use case refuses. The texts are for the client: they name nothing that the
/// client has not sent or may not know. http/errors.cpp turns each into a status.
namespace coredepot::core {

class Refusal : public std::runtime_error {
  public:
    explicit Refusal(std::string message) : std::runtime_error(whole(message)) {}

  private:
    /// what() would end at a NUL, which a client may have sent.
    static std::string& whole(std::string& message) {
        std::ranges::replace(message, '\0', '?');
        return message;
    }
};

/// `"{thing} {identifier} was not found"`
class NotFound : public Refusal {
  public:
    NotFound(const std::string& thing, const std::string& identifier)
        : Refusal(thing + ' ' + identifier + " was not found") {}

  protected:
    using Refusal::Refusal;
};

/// Retention has removed a core dump's file. Its row still exists.
class FileExpired : public NotFound {
  public:
    /// `at` is for people to read.
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

/// `"Cannot {operation} because {cause}"`: the thing has changed its state meanwhile.
class Conflict : public Refusal {
  public:
    Conflict(const std::string& operation, const std::string& cause)
        : Refusal("Cannot " + operation + " because " + cause) {}
};

/// Something that must be unique already exists.
class AlreadyExists : public Refusal {
  public:
    using Refusal::Refusal;
};

/// We know who the client is, but they may not use this.
class NotAllowed : public Refusal {
  public:
    using Refusal::Refusal;
};

/// The client asks too often.
class RateLimited : public Refusal {
  public:
    RateLimited(const std::string& what, std::chrono::microseconds wait)
        : Refusal(what), wait_(wait) {}
    /// How long to wait before the next try.
    std::chrono::microseconds wait() const { return wait_; }

  private:
    std::chrono::microseconds wait_;
};

/// The thing has changed since the client saw it.
class PreconditionFailed : public Refusal {
  public:
    using Refusal::Refusal;
};

/// There are more bytes than we accept.
class PayloadTooLarge : public Refusal {
  public:
    using Refusal::Refusal;
};

}  // namespace coredepot::core
