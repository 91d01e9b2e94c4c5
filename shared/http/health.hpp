#pragma once

#include <optional>

#include "auth/issuer_keys.hpp"
#include "core/health/health.hpp"
#include "http/response.hpp"

namespace coredepot::http {

/// The answer of /health: 200, or 503 when the service cannot do its work. Everybody may read it,
/// so it has words but no paths, addresses or figures. `parses`: Config::parses().
Response health_response(const core::Health& health, bool parses);

/// The answer of /health/uploads: 200, or 503 when an upload would be refused.
Response uploads_health_response(const core::UploadsHealth& health);

/// `keys` is empty when tokens are not checked. A load balancer asks every second and cannot wait
/// for a slow identity provider, so that is only asked when nothing works without it.
core::Health::Tokens state_of_tokens(std::optional<auth::IssuerKeys>& keys);

}  // namespace coredepot::http
