#include "http/program.hpp"

#include "http/fcgi.hpp"
#include "http/gate.hpp"
#include "log.hpp"

namespace coredepot::http {

int run_program(const std::function<void()>& body) {
    try {
        body();
        return 0;
    } catch (const std::exception& error) {
        log::error("cannot run", {{"error", error.what()}});
        return 1;
    }
}

void Serve::operator()(Actions actions, auth::Registry registry) const {
    const auto authenticator = auth::make_authenticator(config_, std::move(registry));
    const Router router(*authenticator, std::move(actions), &counters_);
    serve_fastcgi([&](Request& request) { return router.answer(request); });
}

void Serve::gate(auth::Registry registry) const {
    const auto authenticator = auth::make_authenticator(config_, std::move(registry));
    const Gate gate(*authenticator, counters_);
    serve_fastcgi([&](Request& request) { return gate.answer(request); });
}

int run_handler(const std::function<void(const Config&, const Serve&)>& serve_with) {
    return run_program([&] {
        const auto config = Config::from_environment();
        auto counters = metrics::Counters::shared(config.metrics_dir);
        serve_with(config, Serve(config, counters));
    });
}

}  // namespace coredepot::http
