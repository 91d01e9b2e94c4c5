#pragma once

#include <memory>

#include "config.hpp"
#include "decoder/index/elf_shelf.hpp"
#include "domain/signature_rules.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace coredepot::parse_service {

/// The requests that parse_sidecar answers: it decodes the files that a runner has staged. See
/// docs/sidecar.md.
class ParseService {
  public:
    explicit ParseService(SidecarConfig config);

    /// GET /describe-coredump?core={name}
    http::Response describe(const http::Request& request) const;
    /// GET /parse-coredump?core={name}&elf={name}&chip={chip}[&rules={name}]
    http::Response parse(const http::Request& request) const;

  private:
    SignatureRules signature_rules(const http::Request& request) const;

    SidecarConfig config_;
    /// Shared with a decode that we gave up, which may outlive everything else.
    std::shared_ptr<decoder::ElfShelf> shelf_;
};

}  // namespace coredepot::parse_service
