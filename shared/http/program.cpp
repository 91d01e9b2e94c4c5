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

void Serve::operator()(Actions actions) const {
    const Router router(authenticator_, std::move(actions), &counters_);
    serve_fastcgi([&](Request& request) { return router.answer(request); });
}

void Serve::gate() const {
    const Gate gate(authenticator_, counters_);
    serve_fastcgi([&](Request& request) { return gate.answer(request); });
}

int run_handler(const std::function<void(const Config&, const Serve&)>& serve_with) {
    return run_program([&] {
        const auto config = Config::from_environment();
        const auto authenticator = auth::make_authenticator(config);
        auto counters = metrics::Counters::shared(config.metrics_dir);
        serve_with(config, Serve(*authenticator, counters));
    });
}

}  // namespace coredepot::http
