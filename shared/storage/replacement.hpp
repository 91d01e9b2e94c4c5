#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace coredepot::storage {

/// Replaces several files as one step: prepared durably first, then put in place, and put back as
/// it was when the step that should follow (a commit) fails. Each single file changes atomically:
/// a reader sees the old one or the new one.
///
///     Replacement replacement;
///     replacement.prepare(path, bytes);   // may throw; nothing is visible yet
///     replacement.publish();              // visible; undone by the destructor ...
///     replacement.keep();                 // ... unless kept
class Replacement {
  public:
    Replacement() = default;
    ~Replacement();
    Replacement(const Replacement&) = delete;
    Replacement& operator=(const Replacement&) = delete;
    Replacement(Replacement&&) noexcept = default;
    Replacement& operator=(Replacement&&) = delete;

    /// `target`'s folder has to be there. Throws StorageError.
    void prepare(const std::filesystem::path& target, std::string_view bytes);
    /// `target` goes when this is published.
    void prepare_removal(const std::filesystem::path& target);

    /// Throws StorageError; the destructor then undoes what was done of it.
    void publish();
    void keep() noexcept;

  private:
    struct Step {
        std::filesystem::path target;
        std::optional<std::filesystem::path> prepared;  ///< the new content; none: a removal
        std::optional<std::filesystem::path> backup;    ///< the old content, once published
        bool published = false;
    };

    static void publish_step(Step& step);
    static void undo_step(const Step& step) noexcept;

    std::vector<Step> steps_;
    bool kept_ = false;
};

}  // namespace coredepot::storage
