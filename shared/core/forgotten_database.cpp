#include "core/forgotten_database.hpp"

namespace coredepot::core {

bool is_forgotten(db::Devices& devices, const DumpFiles& files) {
    return !devices.any() && files.has_dumps();
}

}  // namespace coredepot::core
