#pragma once

#include <string>
#include <vector>

#include "core/alerts/message.hpp"
#include "domain/time.hpp"
#include "net/delivery.hpp"

namespace coredepot::core {

/// A mail that says it. `uid` is in its Message-ID, so that a repeat is known as one; mails about
/// one issue refer to the same, so that they stand together.
net::Mail mail_message(const AlertText& alert, const std::string& uid, const std::string& from,
                       const std::vector<std::string>& to, Timestamp now);

}  // namespace coredepot::core
