#pragma once

#include <functional>

#include "auth/registered_clients.hpp"
#include "config.hpp"
#include "http/router.hpp"

namespace coredepot::http {

/// Runs a handler's `body` and returns main's exit code: 0 after an orderly stop; 1 when the
/// configuration is bad or the program cannot go on, after a line on standard error that says why.
int run_program(const std::function<void()>& body);

/// What a handler's main uses to serve requests.
class Serve {
  public:
    Serve(const Config& config, metrics::Counters& counters)
        : config_(config), counters_(counters) {}

    /// Answers requests, and returns after SIGTERM. `registry` finds devices whose client IDs do
    /// not name them; without it, they are unknown.
    void operator()(Actions actions, auth::Registry registry = {}) const;
    /// Answers whether requests to other handlers may come in: see gate.hpp. Returns after SIGTERM.
    void gate(auth::Registry registry) const;
    /// Requests are counted automatically. Use this to count other events.
    metrics::Counters& counters() const { return counters_; }

  private:
    const Config& config_;
    metrics::Counters& counters_;
};

/// The life of a handler behind FastCGI: it reads the configuration, and `serve_with` builds the
/// parts and passes the actions to `serve`.
int run_handler(const std::function<void(const Config& config, const Serve& serve)>& serve_with);

}  // namespace coredepot::http
