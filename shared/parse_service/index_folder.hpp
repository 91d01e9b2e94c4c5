#pragma once

#include <filesystem>

#include "decoder/index/index_store.hpp"

namespace coredepot::parse_service {

/// Keeps indexes of ELFs as files in `folder`, `{sha256}-v{version}.index`, for all sidecar
/// processes. A few hundred stay, those used last (storage::ContentCache says how caches work). The
/// reader checks each index. If the disk fails, that is logged, and it costs time but no answers.
decoder::IndexStore index_folder(const std::filesystem::path& folder);

}  // namespace coredepot::parse_service
