#include "domain/device.hpp"

namespace coredepot {

std::string client_id(const Device& device) {
    return "iotdevice-" + device.model_code.str() + '-' + device.key.str();
}

}  // namespace coredepot
