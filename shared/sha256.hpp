#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace coredepot {

/// Computes SHA-256 of bytes that come in pieces.
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void update(std::string_view bytes);
    /// 64 lower-case hex characters. The object cannot be used afterwards.
    std::string hex();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

std::string sha256_hex(std::string_view bytes);

}  // namespace coredepot
