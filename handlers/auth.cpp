// Asked by nginx before it takes a large body: whether that is from who may send it.

#include "core/lookup.hpp"
#include "http/program.hpp"

using namespace coredepot;

int main() {
    return http::run_handler([](const Config& config, const http::Serve& serve) {
        // For devices whose client ids do not name them; connected to when there is one.
        constexpr std::chrono::seconds kPatience{5};
        db::Database database(config.database_url, "coredepot-auth", db::Mode::ReadOnly, kPatience);
        db::Devices devices(database);
        serve.gate(core::client_registry(devices));
    });
}
