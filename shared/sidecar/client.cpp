#include "sidecar/client.hpp"

#include <algorithm>

#include "domain/parse_limits.hpp"
#include "json.hpp"
#include "text/ascii.hpp"
#include "text/hex.hpp"
#include "text/utf8.hpp"

namespace coredepot::sidecar {
namespace {

constexpr net::GetLimits kLimits{kSidecarConnectLimit, kSidecarTimeLimit, kMaxSidecarAnswer};

constexpr long kOk = 200;
constexpr long kUnprocessableContent = 422;

/// A gateway's way of saying that nobody is behind it.
bool says_nobody_there(long status) {
    constexpr long kBadGateway = 502;
    constexpr long kUnavailable = 503;
    constexpr long kGatewayTimeout = 504;
    return status == kBadGateway || status == kUnavailable || status == kGatewayTimeout;
}

Failed failed_with(long status) {
    return {"the sidecar answered with status " + std::to_string(status),
            says_nobody_there(status) ? Failed::Reach::NoAnswer : Failed::Reach::Answered};
}

/// Makes a text fit for a text column: NUL is the only character that PostgreSQL cannot store.
std::string storable(const std::string& text) {
    std::string result = to_utf8(text);
    std::ranges::replace(result, '\0', ' ');
    return result;
}

/// Empty when there is none, or when it cannot be stored.
std::optional<std::string> signature_in(const json::Object& answer) {
    auto text = answer.string("signature");
    const bool good = text && !text->empty() && text->size() <= CrashReport::kMaxSignature &&
                      std::ranges::all_of(*text, is_base64url_digit);
    return good ? std::move(text) : std::nullopt;
}

std::optional<std::string> title_in(const json::Object& answer) {
    const auto text = answer.string("title");
    if (!text || text->empty()) return std::nullopt;
    // The limit counts bytes, so the result never has more characters than that. to_visible() mends
    // a character that was cut.
    return to_visible(text->substr(0, CrashReport::kMaxTitle), '?');
}

Answer judge(const net::GetResponse& response) {
    const auto answer = json::Object::parse(response.body);
    if (response.status == kUnprocessableContent) {
        const auto reason = answer ? answer->string("error") : std::nullopt;
        return Rejected{storable(reason.value_or("the sidecar gave no reason"))};
    }
    if (response.status != kOk) return failed_with(response.status);
    if (!answer) return Failed{"the sidecar's answer is not a JSON object"};
    const auto output = answer->string("output");
    if (!output) return Failed{"the sidecar's answer has no output"};
    // The text is all that a sidecar must give; the rest may be missing.
    return CrashReport{storable(*output), signature_in(*answer), title_in(*answer),
                       answer->jsonb_without({"output"}),
                       answer->jsonb_of({"elf_verified", "crash"})};
}

Failed no_answer(const net::GetFailure& failure) {
    return {"the sidecar did not answer: " + storable(failure.error),
            failure.connected ? Failed::Reach::NoAnswer : Failed::Reach::NoConnection};
}

Answer judge(const net::GetResult& result) {
    const auto* failure = std::get_if<net::GetFailure>(&result);
    if (failure != nullptr) return no_answer(*failure);
    return judge(std::get<net::GetResponse>(result));
}

bool is_sha256_prefix(const std::string& text) {
    constexpr std::size_t kDigits = 64;
    return text.size() <= kDigits && is_lower_hex(text) &&
           text.find_first_not_of('0') != std::string::npos;
}

/// The sidecar has read hostile bytes, so its answers are checked like a client's.
DumpFacts facts_in(const json::Object& answer) {
    DumpFacts facts;
    if (auto chip = answer.string("chip"); chip && Chip::parse(*chip)) facts.chip = chip;
    if (auto prefix = answer.string("elf_sha256_prefix"); prefix && is_sha256_prefix(*prefix)) {
        facts.elf_sha256_prefix = prefix;
    }
    return facts;
}

Description judge_description(const net::GetResult& result) {
    const auto* failure = std::get_if<net::GetFailure>(&result);
    if (failure != nullptr) return no_answer(*failure);
    const auto& response = std::get<net::GetResponse>(result);
    if (says_nobody_there(response.status)) return failed_with(response.status);
    // Anything else is no description: the sidecar does not know the question.
    const auto answer = json::Object::parse(response.body);
    return response.status == kOk && answer ? facts_in(*answer) : DumpFacts{};
}

}  // namespace

void Client::describe(const std::string& core, std::function<bool()> keep_going,
                      std::function<void(const Description&)> answered) {
    net::GetRequest request(base_url_ + "/describe-coredump", kLimits);
    request.query = {{"core", core}};
    request.keep_going = std::move(keep_going);
    questions_.start(std::move(request),
                     [answered = std::move(answered)](const net::GetResult& result) {
                         answered(judge_description(result));
                     });
}

void Client::ask(const Question& question, std::function<bool()> keep_going,
                 std::function<void(const Answer&)> answered) {
    net::GetRequest request(base_url_ + "/parse-coredump", kLimits);
    request.query = {{"core", question.core}, {"elf", question.elf}, {"chip", question.chip}};
    if (!question.rules.empty()) request.query.emplace_back("rules", question.rules);
    request.keep_going = std::move(keep_going);
    questions_.start(std::move(request),
                     [answered = std::move(answered)](const net::GetResult& result) {
                         answered(judge(result));
                     });
}

}  // namespace coredepot::sidecar
