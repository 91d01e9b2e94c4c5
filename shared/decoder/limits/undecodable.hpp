#pragma once

#include <stdexcept>

namespace coredepot::decoder {

/// A verdict on the input: this core dump cannot be decoded (with this ELF), for a reason that a
/// firmware engineer can act on. Never thrown for a bug of ours.
class Undecodable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace coredepot::decoder
