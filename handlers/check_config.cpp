// Checks the configuration in the environment. Exits with 1 and names every bad key when it is not
// good. coredepot-setup uses it, and so does everybody before handlers restart with a new
// configuration.

#include "config.hpp"
#include "http/program.hpp"
#include "objects/named_files.hpp"

int main() {
    return coredepot::http::run_program([] {
        const auto config = coredepot::Config::from_environment();
        if (config.s3) coredepot::objects::require_readable_files(*config.s3);
    });
}
