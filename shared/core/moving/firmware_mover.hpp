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

/// Moves firmware between ASSETS_DIR and the bucket while everything runs: of each version its
/// bundle and its image, and the bundles that are kept for their ELFs. Of each: the copies,
/// compared by SHA-256 with what the row says; the row, if it still says so, under the lock that
/// uploads have; and a while later, when nobody who read the row before needs them any more, what
/// they were copied from. It can be killed at any moment: rows name what is whole and there. What a
/// killed run leaves over the next run removes.
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
        std::function<bool()> stopping;             ///< asked between builds
        std::function<void(std::size_t)> progress;  ///< told how many were moved so far
    };

    explicit FirmwareMover(Parts parts) : parts_(std::move(parts)) {}
    virtual ~FirmwareMover() = default;
    FirmwareMover(const FirmwareMover&) = delete;
    FirmwareMover& operator=(const FirmwareMover&) = delete;

    /// Throws db::Unavailable.
    MoveResult run();

  protected:
    /// Why a build stays where it is: some words for the log.
    class CannotMove : public std::runtime_error {
      public:
        using std::runtime_error::runtime_error;
    };
    virtual bool is_to_move(const Version& version) const = 0;
    virtual bool is_to_move(const Kept& kept) const = 0;
    /// False when the row says something else by now. Throws CannotMove, storage::ZipError,
    /// os::StorageError, objects::Unavailable, db::Unavailable.
    virtual bool move(const Model& model, const Version& version) = 0;
    virtual bool move(const Model& model, const Kept& kept) = 0;
    /// Whether there is something that was moved, by this run or one before, and may go.
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

/// What this machine's folders have.
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
        std::string bundle;  ///< "": none
        std::string image;
    };
    Bytes read(const Model& model, const Version& version) const;
    /// A file whose row names objects that are the same.
    struct Original {
        std::vector<std::string> objects;
        std::function<void()> remove;
    };
    std::vector<Original> originals_of(const Model& model);
};

/// What the bucket has, into this machine's folders.
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
