#pragma once

#include <functional>

#include "config.hpp"
#include "http/router.hpp"

namespace coredepot::http {

/// Runs a handler's `body` and returns main's exit code: 0 after an orderly stop; 1 when the
/// configuration is bad or the program cannot go on, with one line on standard error that says why.
int run_program(const std::function<void()>& body);

/// What a handler's main serves with.
class Serve {
  public:
    Serve(const auth::Authenticator& authenticator, metrics::Counters& counters)
        : authenticator_(authenticator), counters_(counters) {}

    /// Answers requests; returns after SIGTERM.
    void operator()(Actions actions) const;
    /// Answers whether others may be asked: see gate.hpp. Returns after SIGTERM.
    void gate() const;
    /// Requests are counted without help; this is for what happens beside their outcome.
    metrics::Counters& counters() const { return counters_; }

  private:
    const auth::Authenticator& authenticator_;
    metrics::Counters& counters_;
};

/// The life of a handler behind FastCGI: reads the configuration, lets `serve_with` build what it
/// needs and hand its actions to `serve`.
int run_handler(const std::function<void(const Config& config, const Serve& serve)>& serve_with);

}  // namespace coredepot::http
