#pragma once

#include <filesystem>

#include "decoder/index/index_store.hpp"

namespace coredepot::parse_service {

/// Indexes of ELFs as files of `folder`, `{sha256}-v{version}.index`, for all processes of the
/// sidecar; a few hundred of them, those used last (storage::ContentCache says how caches work).
/// The reader checks each. What the disk refuses is logged: it costs time, not answers.
decoder::IndexStore index_folder(const std::filesystem::path& folder);

}  // namespace coredepot::parse_service
