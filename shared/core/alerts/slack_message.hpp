#pragma once

#include <string>

#include "core/alerts/message.hpp"

namespace coredepot::core {

/// The body of a post to an incoming webhook as Slack has them. `text` has all of it too, for
/// notifications and for Mattermost, which shows no blocks.
std::string slack_message(const AlertText& alert);

}  // namespace coredepot::core
