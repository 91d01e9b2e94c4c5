#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

#include "support/fleet.hpp"
#include "support/http_client.hpp"

/// Uploads of firmware as a pipeline makes them, what is stored of them, and what is expected.
namespace coredepot::test {

/// What this program's stack takes: MAX_FIRMWARE_BYTES.
constexpr std::size_t kMaxFirmware = 1'048'576;

constexpr const char* kBinType = "Content-Type: application/octet-stream";
constexpr const char* kMultipartType =
    "Content-Type: multipart/form-data; boundary=line";  ///< of multipart()

/// Whatever is answered.
HttpResponse send_firmware(const FleetModel& model, const std::string& firmware,
                           const HttpClient::Headers& headers = {kBinType});

/// As `curl -F file=@…` wraps it, with other fields around.
std::string multipart(const std::string& firmware, const std::string& field = "file");

/// Where its bundles are, and the image that devices get.
std::filesystem::path bundles(const FleetModel& model);
std::filesystem::path flat(const FleetModel& model);

/// As the API has it; "" for none.
std::string version_of(const FleetModel& model);
/// The image that an admin downloads.
std::string downloaded(const FleetModel& model);

/// Everything that an upload may change.
std::map<std::string, std::string> all_of(const FleetModel& model);

/// Answered with the model's new version, which it has from now on.
void expect_taken(const FleetModel& model, const HttpResponse& response,
                  const std::string& version);

/// Refused with this text (its start, when it ends in an ellipsis), and nothing has changed.
void expect_refused(const FleetModel& model, const std::string& firmware, const std::string& text,
                    const HttpClient::Headers& headers = {kBinType});

/// A model that has good firmware already, which a refused upload must not touch.
FleetModel model_with_firmware();

}  // namespace coredepot::test
