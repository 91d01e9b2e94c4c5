#pragma once

#include <functional>

#include "auth/registered_clients.hpp"
#include "config.hpp"
#include "http/router.hpp"

namespace coredepot::http {

/// Runs a handler's `body` and returns main's exit code: 0 after an orderly stop; 1 when the
/// configuration is bad or the program cannot go on, with one line on standard error that says why.
int run_program(const std::function<void()>& body);

/// What a handler's main serves with.
class Serve {
  public:
    Serve(const Config& config, metrics::Counters& counters)
        : config_(config), counters_(counters) {}

    /// Answers requests; returns after SIGTERM. `registry`: where devices are found whose client
    /// ids do not name them; without one they are strangers.
    void operator()(Actions actions, auth::Registry registry = {}) const;
    /// Answers whether others may be asked: see gate.hpp. Returns after SIGTERM.
    void gate(auth::Registry registry) const;
    /// Requests are counted without help; this is for what happens beside their outcome.
    metrics::Counters& counters() const { return counters_; }

  private:
    const Config& config_;
    metrics::Counters& counters_;
};

/// The life of a handler behind FastCGI: reads the configuration, lets `serve_with` build what it
/// needs and hand its actions to `serve`.
int run_handler(const std::function<void(const Config& config, const Serve& serve)>& serve_with);

}  // namespace coredepot::http
