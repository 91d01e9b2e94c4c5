#include "support/ledger.hpp"

#include <stdexcept>

#include "support/stack_environment.hpp"
#include "text/integers.hpp"

namespace coredepot::test {
namespace {

constexpr std::string_view kTitle = "core dump ";

/// Which one these bytes are; throws when they are none of bytes_of()'s.
std::size_t number_of(const std::string& bytes) {
    if (bytes.starts_with(kTitle)) {
        const auto number = std::stoul(bytes.substr(kTitle.size()));
        if (bytes == Ledger::bytes_of(number)) return number;
    }
    throw std::runtime_error("holds " + std::to_string(bytes.size()) + " bytes that nobody sent");
}

}  // namespace

bool Ledger::is_whole(const std::string& bytes) {
    const std::string_view line = std::string_view(bytes).substr(0, bytes.find('\n'));
    if (!line.starts_with(kTitle)) return false;
    const auto number = coredepot::parse_integer<std::size_t>(line.substr(kTitle.size()));
    return number && bytes == bytes_of(*number);
}

std::string Ledger::bytes_of(std::size_t number) {
    constexpr std::size_t kSizes = 16'384;
    auto bytes = std::string(kTitle) + std::to_string(number) + '\n';
    bytes.append(number * 7919 % kSizes, static_cast<char>('a' + number % 26));
    return bytes;
}

int Ledger::upload(const std::string& base_url, const FleetDevice& device) {
    const auto number = [&] {
        const std::scoped_lock lock(mutex_);
        devices_.insert(device.key);
        return next_++;
    }();
    HttpResponse answer;
    try {
        answer = HttpClient::of_others(base_url).post(upload_target(device.key), bytes_of(number));
    } catch (const std::runtime_error&) {
        answer.status = 0;
    }
    const std::scoped_lock lock(mutex_);
    if (answer.status == 201 || answer.status == 202) {
        const auto name = device.key + '/' + answer.json().at("filename").text();
        if (!accepted_.emplace(name, number).second) {
            throw std::runtime_error("two core dumps were given the name " + name);
        }
        ++(answer.status == 201 ? tally_.stored : tally_.spooled);
    } else if (answer.status == 0) {
        ++tally_.unanswered;
    } else {
        ++tally_.refused;
    }
    return answer.status;
}

Ledger::Tally Ledger::tally() const {
    const std::scoped_lock lock(mutex_);
    return tally_;
}

std::map<std::string, std::size_t> Ledger::accepted() const {
    const std::scoped_lock lock(mutex_);
    return accepted_;
}

testing::AssertionResult Ledger::is_kept(const std::filesystem::path& coredumps_dir) const {
    auto missing = accepted();
    const auto devices = [&] {
        const std::scoped_lock lock(mutex_);
        return devices_;
    }();
    std::map<std::size_t, std::string> found;
    auto result = testing::AssertionSuccess();
    const auto complain = [&](const std::string& what) {
        result = testing::AssertionFailure() << result.message() << what << '\n';
    };
    for (const auto& row : stack().sql("SELECT key || '/' || filename FROM coredumps c "
                                       "JOIN devices d ON d.id = c.device_id")) {
        const auto& name = row.at(0);
        if (!devices.contains(name.substr(0, name.find('/')))) continue;
        try {
            const auto number = number_of(read_bytes(coredumps_dir / name));
            const auto told = missing.extract(name);
            if (told && told.mapped() != number) complain(name + " is another core dump");
            const auto [first, is_new] = found.emplace(number, name);
            if (!is_new) complain(name + " is there again as " + first->second);
        } catch (const std::runtime_error& error) {
            complain(name + ' ' + error.what());
        }
    }
    for (const auto& [name, number] : missing) complain(name + " was accepted and is gone");
    return result;
}

std::ostream& operator<<(std::ostream& out, const Ledger::Tally& tally) {
    return out << tally.sent() << " core dumps sent: " << tally.stored << " stored, "
               << tally.spooled << " spooled, " << tally.refused << " refused, " << tally.unanswered
               << " unanswered";
}

}  // namespace coredepot::test
