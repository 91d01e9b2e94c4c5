// Asked by nginx before it takes a large body: whether that is from who may send it.

#include "http/program.hpp"

using namespace coredepot;

int main() {
    return http::run_handler(
        [](const Config& /*unused*/, const http::Serve& serve) { serve.gate(); });
}
