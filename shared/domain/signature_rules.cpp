#include "domain/signature_rules.hpp"

#include <algorithm>

#include "text/utf8.hpp"

namespace coredepot {
namespace {

bool is_name(const std::string& entry) {
    return !entry.empty() && entry.size() <= SignatureRules::kMaxBytes &&
           to_visible(entry, '?') == entry && entry.front() != ' ' && entry.back() != ' ';
}

}  // namespace

std::string fault_of(const SignatureRules& rules) {
    if (rules.skip.size() + rules.prefixes.size() > SignatureRules::kMaxEntries) {
        return "skip and prefixes must have at most " +
               std::to_string(SignatureRules::kMaxEntries) + " entries together";
    }
    if (!std::ranges::all_of(rules.skip, is_name) ||
        !std::ranges::all_of(rules.prefixes, is_name)) {
        return "An entry of skip and prefixes must be the name of a function or its beginning, of "
               "1 to " +
               std::to_string(SignatureRules::kMaxBytes) + " bytes";
    }
    return {};
}

}  // namespace coredepot
