#include "core/forgotten_database.hpp"

namespace coredepot::core {

bool is_forgotten(db::Devices& devices, const storage::DumpStore& dumps) {
    return !devices.any() && dumps.has_dumps();
}

}  // namespace coredepot::core
