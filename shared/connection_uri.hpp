#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coredepot {

/// Whether libpq takes `text` for a connection URI, with user, password, hosts and ports where they
/// were meant: what it cannot read it repeats in its errors, password and all. So a special
/// character in a password (`/`, `@`, `%`) has to be percent-encoded.
/// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
bool is_connection_uri(std::string_view text);

/// What a connection URI, or a list of `keyword=value`, says of a keyword of libpq's ("host",
/// "password"); empty when it says nothing. Throws std::invalid_argument, which does not quote the
/// text, when libpq does not take it.
std::optional<std::string> connection_part(const std::string& text, std::string_view keyword);

/// All the rest of it as a list of `keyword='value'`. Throws as connection_part().
std::string connection_without(const std::string& text, std::string_view keyword);

}  // namespace coredepot
