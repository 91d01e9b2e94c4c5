#include "metrics/truncation_guard.hpp"

#include <atomic>
#include <csignal>
#include <cstddef>

#include <sys/mman.h>

namespace coredepot::metrics {
namespace {

// Lock-free atomics, because the signal handler reads them.
std::atomic<std::byte*> guarded_start = nullptr;
std::atomic<std::size_t> guarded_length = 0;
std::atomic<bool> replaced = false;

/// POSIX does not allow mmap() in a signal handler; on Linux it is just a system call.
void on_bus_error(int signal, siginfo_t* info, void* /*context*/) {
    auto* const start = guarded_start.load();
    auto* const at = static_cast<std::byte*>(info->si_addr);
    if (start != nullptr && at >= start && at < start + guarded_length.load()) {
        void* const other = ::mmap(start, guarded_length.load(), PROT_READ | PROT_WRITE,
                                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        replaced = other != MAP_FAILED;
        if (replaced) return;  // the access is repeated
    }
    std::signal(signal, SIG_DFL);  // not our memory: the repeated access ends the process
}

void install_handler() {
    struct sigaction survive {};
    survive.sa_sigaction = on_bus_error;
    survive.sa_flags = SA_SIGINFO;
    sigaction(SIGBUS, &survive, nullptr);
}

}  // namespace

TruncationGuard::TruncationGuard(void* start, std::size_t length) : start_(start) {
    static const bool once = (install_handler(), true);
    (void)once;
    replaced = false;
    guarded_length = length;
    guarded_start = static_cast<std::byte*>(start);
}

TruncationGuard::~TruncationGuard() {
    auto* mine = static_cast<std::byte*>(start_);
    guarded_start.compare_exchange_strong(mine, nullptr);
}

bool TruncationGuard::has_replaced() const {
    return guarded_start == static_cast<std::byte*>(start_) && replaced;
}

}  // namespace coredepot::metrics
