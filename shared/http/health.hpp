#pragma once

#include <optional>

#include "auth/issuer_keys.hpp"
#include "core/health/health.hpp"
#include "http/response.hpp"

namespace coredepot::http {

/// Of /health: 200, or 503 when the service cannot do its work. For everybody to see: words, and no
/// path, address or figure. `parses`: Config::parses().
Response health_response(const core::Health& health, bool parses);

/// Of /health/uploads: 200, or 503 when an upload would be refused.
Response uploads_health_response(const core::UploadsHealth& health);

/// `keys`: empty when no tokens are checked. A balancer asks every second and does not wait for an
/// identity provider that is slow: that is asked only where nothing can be done without it.
core::Health::Tokens state_of_tokens(std::optional<auth::IssuerKeys>& keys);

}  // namespace coredepot::http
