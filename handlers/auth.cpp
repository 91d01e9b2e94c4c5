// nginx asks it whether the sender of a large body may send it, before it takes the body.

#include "core/lookup.hpp"
#include "http/program.hpp"

using namespace coredepot;

int main() {
    return http::run_handler([](const Config& config, const http::Serve& serve) {
        // The database, for devices whose client IDs do not name them. The connection is made when
        // needed.
        constexpr std::chrono::seconds kPatience{5};
        db::Database database(config.database_url, "coredepot-auth", db::Mode::ReadOnly, kPatience);
        db::Devices devices(database);
        serve.gate(core::client_registry(devices));
    });
}
