#pragma once

#include "domain/alert.hpp"
#include "json.hpp"

/// Reads alert targets from requests. Each function throws core::ValidationFailed when a member has
/// the wrong type; core checks the contents.
namespace coredepot::http {

/// `{"name", "kind", "url" or "to", …}`
AlertTargetChange new_alert_target(const json::Object& body);
/// The same, with any of the members.
AlertTargetChange alert_target_change(const json::Object& body);

}  // namespace coredepot::http
