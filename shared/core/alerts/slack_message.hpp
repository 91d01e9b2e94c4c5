#pragma once

#include <string>

#include "core/alerts/message.hpp"

namespace coredepot::core {

/// The body for an incoming webhook of Slack. `text` repeats everything, for notifications and for
/// Mattermost, which does not show blocks.
std::string slack_message(const AlertText& alert);

}  // namespace coredepot::core
