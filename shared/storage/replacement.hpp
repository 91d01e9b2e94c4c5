#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace coredepot::storage {

/// Replaces several files in one step. They are first prepared durably, then put in place. If the
/// next step (a commit) fails, the old files are put back. Each file changes atomically: a reader
/// sees either the old one or the new one.
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

    /// `target`'s folder must exist. Throws StorageError.
    void prepare(const std::filesystem::path& target, std::string_view bytes);
    /// publish() will remove `target`.
    void prepare_removal(const std::filesystem::path& target);

    /// Throws StorageError; then the destructor undoes the part that was done.
    void publish();
    void keep() noexcept;

  private:
    struct Step {
        std::filesystem::path target;
        std::optional<std::filesystem::path> prepared;  ///< the new content; none for a removal
        std::optional<std::filesystem::path> backup;    ///< the old content, once published
        bool published = false;
    };

    static void publish_step(Step& step);
    static void undo_step(const Step& step) noexcept;

    std::vector<Step> steps_;
    bool kept_ = false;
};

}  // namespace coredepot::storage
