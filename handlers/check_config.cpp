// Says whether the environment is a good configuration; exit code 1, with every bad key, when it is
// not. For coredepot-setup, and before handlers are told to start again with it.

#include "config.hpp"
#include "http/program.hpp"
#include "objects/named_files.hpp"

int main() {
    return coredepot::http::run_program([] {
        const auto config = coredepot::Config::from_environment();
        if (config.s3) coredepot::objects::require_readable_files(*config.s3);
    });
}
