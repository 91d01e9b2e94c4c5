#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/firmware_bucket.hpp"
#include "core/moving/move_result.hpp"
#include "db/firmware_moves.hpp"
#include "storage/firmware_store.hpp"

namespace coredepot::core {

/// Moves firmware between ASSETS_DIR and the bucket while everything runs: the bundle and image of
/// each version, and the bundles that are kept for their ELFs. For each, it makes the copies,
/// compared by SHA-256 with the row; then changes the row, if that still says the same, under the
/// lock that uploads take; and later, when nobody who read the old row needs them any more, removes
/// the originals. It may be killed at any moment, because rows only name complete files. The next
/// run removes what is left over.
class FirmwareMover {
  public:
    using Model = db::FirmwareMoves::Model;
    using Version = db::FirmwareMoves::Version;
    using Kept = db::FirmwareMoves::Kept;
    struct Parts {
        db::FirmwareMoves& rows;
        FirmwareBucket& bucket;
        storage::FirmwareStore store;
        std::uint64_t max_bytes;     ///< of a bundle, packed and unpacked
        std::chrono::seconds grace;  ///< see DumpMover
        std::function<void(std::chrono::seconds)> pause;
        std::function<bool()> stopping;             ///< called between builds
        std::function<void(std::size_t)> progress;  ///< called with the number moved so far
    };

    explicit FirmwareMover(Parts parts) : parts_(std::move(parts)) {}
    virtual ~FirmwareMover() = default;
    FirmwareMover(const FirmwareMover&) = delete;
    FirmwareMover& operator=(const FirmwareMover&) = delete;

    /// Throws db::Unavailable.
    MoveResult run();

  protected:
    /// Why a build stays in its place, in a few words for the log.
    class CannotMove : public std::runtime_error {
      public:
        using std::runtime_error::runtime_error;
    };
    virtual bool is_to_move(const Version& version) const = 0;
    virtual bool is_to_move(const Kept& kept) const = 0;
    /// False when the row has changed. Throws CannotMove, storage::ZipError, os::StorageError,
    /// objects::Unavailable and db::Unavailable.
    virtual bool move(const Model& model, const Version& version) = 0;
    virtual bool move(const Model& model, const Kept& kept) = 0;
    /// Whether there are originals to remove, from this run or an earlier one.
    virtual bool has_originals(const Model& model) = 0;
    /// Throws os::StorageError, objects::Unavailable, db::Unavailable.
    virtual void remove_originals(const Model& model) = 0;

    Parts parts_;

  private:
    void move_all(const Model& model);
    template <class Build>
    void try_move(const Model& model, const Build& build, const std::string& name);
    void clean(const std::vector<Model>& models);
    bool goes_on() const;

    MoveResult result_;
    std::size_t failures_ = 0;  ///< in a row
};

/// Moves firmware from this machine's folders into the bucket.
class FirmwareToBucket : public FirmwareMover {
  public:
    using FirmwareMover::FirmwareMover;

  protected:
    bool is_to_move(const Version& version) const override;
    bool is_to_move(const Kept& kept) const override;
    bool move(const Model& model, const Version& version) override;
    bool move(const Model& model, const Kept& kept) override;
    bool has_originals(const Model& model) override;
    void remove_originals(const Model& model) override;

  private:
    struct Bytes {
        std::string bundle;  ///< "" when there is none
        std::string image;
    };
    Bytes read(const Model& model, const Version& version) const;
    /// A file whose row names objects with the same content.
    struct Original {
        std::vector<std::string> objects;
        std::function<void()> remove;
    };
    std::vector<Original> originals_of(const Model& model);
};

/// Moves firmware from the bucket into this machine's folders.
class FirmwareToFolder : public FirmwareMover {
  public:
    using FirmwareMover::FirmwareMover;

  protected:
    bool is_to_move(const Version& version) const override;
    bool is_to_move(const Kept& kept) const override;
    bool move(const Model& model, const Version& version) override;
    bool move(const Model& model, const Kept& kept) override;
    bool has_originals(const Model& model) override;
    void remove_originals(const Model& model) override;

  private:
    std::string get(const std::string& key);
    static bool publish(storage::Replacement files,
                        const std::function<bool(const std::function<void()>& publish)>& point);
};

}  // namespace coredepot::core
