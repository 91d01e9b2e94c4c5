#include "core/forgotten_database.hpp"

namespace coredepot::core {

std::optional<bool> has_forgotten(db::Devices& devices, const DumpFiles& files) {
    if (devices.any()) return false;
    return files.has_dumps();
}

bool is_forgotten(db::Devices& devices, const DumpFiles& files) {
    return has_forgotten(devices, files).value_or(true);
}

}  // namespace coredepot::core
