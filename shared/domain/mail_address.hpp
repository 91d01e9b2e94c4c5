#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coredepot {

/// Whether mail can be sent to it: `local@domain` of RFC 5322's atoms, which need no quotes, at
/// most 254 bytes. So nothing in it can act as a header or a command, and it has no comma.
bool is_mail_address(std::string_view address);

/// The parts of a text that are separated by commas; one part when there is none. Several receivers
/// of mail are kept in one text this way.
std::vector<std::string> split_at_commas(std::string_view text);

}  // namespace coredepot
