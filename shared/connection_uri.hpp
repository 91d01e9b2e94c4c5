#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coredepot {

/// Whether libpq accepts `text` as a connection URI and reads user, password and hosts as they were
/// meant. libpq's errors quote what it cannot read, even a password, so we check first. Special
/// characters in a password (`/`, `@`, `%`) must be percent-encoded.
/// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
bool is_connection_uri(std::string_view text);

/// The value of a libpq keyword ("host", "password") in a connection URI or in a list of
/// `keyword=value`; empty when it is not set. When libpq refuses the text, throws
/// std::invalid_argument, which does not quote it.
std::optional<std::string> connection_part(const std::string& text, std::string_view keyword);

/// All other parts as a list of `keyword='value'`. Throws like connection_part().
std::string connection_without(const std::string& text, std::string_view keyword);

}  // namespace coredepot
