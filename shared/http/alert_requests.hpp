#pragma once

#include "domain/alert.hpp"
#include "json.hpp"

/// What clients ask of alert targets. Each throws core::ValidationFailed for what has another type
/// than it must have; what the texts may be is core's to say.
namespace coredepot::http {

/// `{"name", "kind", "url" or "to", …}`
AlertTargetChange new_alert_target(const json::Object& body);
/// The same with any of the members.
AlertTargetChange alert_target_change(const json::Object& body);

}  // namespace coredepot::http
