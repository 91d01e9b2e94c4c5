#include "auth/cache_folder.hpp"

#include "os/ownership.hpp"

namespace coredepot::auth {

std::filesystem::path cache_folder(const OidcConfig& config) {
    return config.cache_dir ? *config.cache_dir
                            : os::private_temporary_folder("coredepot", "CACHE_DIRECTORY");
}

}  // namespace coredepot::auth
