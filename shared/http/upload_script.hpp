#pragma once

#include <string>

#include "http/response.hpp"

namespace coredepot::http {

enum class Shell { Sh, PowerShell };

/// A script with which pipelines pack firmware and upload it to `backend_url`, with a token from
/// `token_url` (empty: without a token). is_quotable_url() must hold for both, because they go
/// between quotes.
Response upload_script(Shell shell, const std::string& backend_url, const std::string& token_url);

}  // namespace coredepot::http
