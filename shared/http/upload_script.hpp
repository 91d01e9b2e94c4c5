#pragma once

#include <string>

#include "http/response.hpp"

namespace coredepot::http {

enum class Shell { Sh, PowerShell };

/// A script for pipelines that packs firmware and uploads it to `backend_url`, with a token from
/// `token_url` (empty: without). Both have to be is_quotable_url(): they are put between quotes.
Response upload_script(Shell shell, const std::string& backend_url, const std::string& token_url);

}  // namespace coredepot::http
