#include "auth/random.hpp"

#include <stdexcept>

#include <sys/random.h>

#include "text/base64.hpp"

namespace coredepot::auth {

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    // The kernel returns up to 256 bytes at once (getrandom(2)).
    if (::getrandom(bytes.data(), count, 0) != static_cast<ssize_t>(count)) {
        throw std::runtime_error("the kernel has no random numbers");
    }
    return bytes;
}

std::string random_text() {
    constexpr std::size_t kBytes = 32;
    return encode_base64url(random_bytes(kBytes));
}

}  // namespace coredepot::auth
