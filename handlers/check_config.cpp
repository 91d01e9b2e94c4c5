// Says whether the environment is a good configuration; exit code 1, with every bad key, when it is
// not. For coredepot-setup, and before handlers are told to start again with it.

#include "config.hpp"
#include "http/program.hpp"

int main() {
    return coredepot::http::run_program([] { coredepot::Config::from_environment(); });
}
