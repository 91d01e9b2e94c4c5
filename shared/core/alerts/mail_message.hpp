#pragma once

#include <string>
#include <vector>

#include "core/alerts/message.hpp"
#include "domain/time.hpp"
#include "net/delivery.hpp"

namespace coredepot::core {

/// Makes a mail of an alert. `uid` goes into its Message-ID, so that a repeated mail is recognised.
/// Mails about the same issue refer to the same ID, so that mail programs show them together.
net::Mail mail_message(const AlertText& alert, const std::string& uid, const std::string& from,
                       const std::vector<std::string>& to, Timestamp now);

}  // namespace coredepot::core
