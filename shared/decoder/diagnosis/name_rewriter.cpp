#include "decoder/diagnosis/name_rewriter.hpp"

#include <cstddef>

#include "decoder/diagnosis/rust_impl.hpp"
#include "text/ascii.hpp"

namespace coredepot::decoder {
namespace {

/// People do not nest names deeper than this. Hostile names are cut there.
constexpr int kMaxDepth = 32;

bool is_name_character(char c) {
    return is_letter_or_digit(c) || c == '_' || c == '$' || (static_cast<unsigned char>(c) & 0x80);
}

/// Where the bracket at `open` closes, counting nested brackets of all kinds; npos: nowhere. The
/// `>` of `->` does not count.
std::size_t closing(std::string_view text, std::size_t open) {
    int depth = 0;
    for (std::size_t i = open; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '<' || c == '(' || c == '{' || c == '[') {
            ++depth;
        } else if ((c == '>' && (i == 0 || text[i - 1] != '-')) || c == ')' || c == '}' ||
                   c == ']') {
            if (--depth == 0) return i;
        }
    }
    return std::string_view::npos;
}

/// Rewrites a name, part by part.
class Rewriter {
  public:
    explicit Rewriter(std::string_view name, int depth = 0) : name_(name), depth_(depth) {}

    std::string rewritten() {
        while (at_ < name_.size()) step();
        return std::move(result_);
    }

  private:
    void step() {
        if (name_.substr(at_).starts_with("operator") && starts_word()) return take_operator();
        switch (name_[at_]) {
            case '<':
                return take_angle();
            case '(':
                return take_round();
            case '{':
                return take_brace();
            case '\'':
                return take_quoted();
            case '$':
                return take_dollar();
            case '[':
                if (name_.substr(at_).starts_with("[abi:")) return skip_bracket();
                [[fallthrough]];
            default:
                result_ += name_[at_++];
        }
    }

    bool starts_word() const { return at_ == 0 || !is_name_character(name_[at_ - 1]); }
    bool starts_component() const { return result_.empty() || result_.ends_with("::"); }

    /// Takes everything up to the closing bracket, or to the end of the name if there is none.
    std::string_view take_bracket() {
        const auto close = closing(name_, at_);
        const auto end = close == std::string_view::npos ? name_.size() : close + 1;
        const auto all = name_.substr(at_, end - at_);
        at_ = end;
        return all;
    }
    void skip_bracket() { take_bracket(); }

    /// An operator's name may contain brackets.
    void take_operator() {
        constexpr std::size_t kWord = 8;
        std::size_t end = at_ + kWord;
        if (end < name_.size() && is_name_character(name_[end])) {
            result_ += name_.substr(at_, kWord);
            at_ = end;
            return;
        }
        const auto rest = name_.substr(end);
        for (const auto* const sign :
             {"()", "[]", "<=>", "<<=", ">>=", "->*", "<<", ">>", "<=", ">=", "->", "<", ">"}) {
            if (rest.starts_with(sign)) {
                end += std::string_view(sign).size();
                break;
            }
        }
        result_ += name_.substr(at_, end - at_);
        at_ = end;
    }

    void take_angle() {
        const bool after_name = !result_.empty() && !starts_component();
        const auto all = take_bracket();
        const auto inner = all.size() > 2 ? all.substr(1, all.size() - 2) : std::string_view();
        if (inner.starts_with("lambda")) {  // GCC's debug information calls a lambda's class that
            result_ += "{lambda}";
        } else if (after_name) {
            result_ += "<T>";
        } else if (result_.empty() || inner.starts_with("impl ") ||
                   !rust_impl_in(inner).trait.empty()) {
            take_impl(inner);
        } else {
            // Rust: `parse::<u8>`, which its older names write as `parse`.
            result_.resize(result_.size() - 2);
        }
    }

    /// Rust: `<Sensor as Driver>::read`, in its older names `board::<impl Driver for
    /// Sensor>::read`. Without a trait: `<Ring<4>>::push`, `board::<impl Ring<4>>::push` or
    /// `Ring<4>::push`. Only the brackets show what belongs to built-in types:
    /// `<[u8]>::copy_from_slice`.
    void take_impl(std::string_view inner) {
        if (depth_ >= kMaxDepth) {
            result_ += "<>";
            return;
        }
        const auto [type, trait] = rust_impl_in(inner);
        const auto rewritten_part = [&](std::string_view part) {
            return Rewriter(part, depth_ + 1).rewritten();
        };
        const auto name = rewritten_part(type);
        if (!trait.empty()) {
            result_ = '<' + name + " as " + rewritten_part(trait) + '>';
        } else if (is_rust_path(type)) {
            result_ = name;
        } else {
            result_ += inner.starts_with("impl ") ? "<impl " + name + '>' : '<' + name + '>';
        }
    }

    /// Takes parameters, of this function or of one around it.
    void take_round() {
        const auto all = take_bracket();
        if (all == "(anonymous namespace)") {
            result_ += all;
            return;
        }
        if (depth_ > 0) {  // a tuple or a function type in the arguments of a Rust name
            result_ += all;
            return;
        }
        for (const std::string_view after : {" const", " volatile", " &&", " &", " noexcept"}) {
            if (name_.substr(at_).starts_with(after)) at_ += after.size();
        }
    }

    /// Takes `{lambda(int)#3}` or `{unnamed type#1}`; for Rust `{closure#0}` and `{{closure}}`.
    void take_brace() {
        const auto all = take_bracket();
        if (all.starts_with("{lambda")) {
            result_ += "{lambda}";
        } else if (all.starts_with("{{closure") || all.starts_with("{closure")) {
            result_ += "{closure}";
        } else if (all.starts_with("{unnamed")) {
            result_ += "{unnamed}";
        } else {
            result_ += all;
        }
    }

    /// Takes `'lambda0'(int)`, as LLVM writes it.
    void take_quoted() {
        const auto end = name_.find('\'', at_ + 1);
        if (end == std::string_view::npos || !name_.substr(at_ + 1).starts_with("lambda")) {
            result_ += name_[at_++];
            return;
        }
        result_ += "{lambda}";
        at_ = end + 1;
    }

    /// Takes `$_0`, clang's name for a lambda's class.
    void take_dollar() {
        auto end = at_ + 2;
        while (end < name_.size() && is_digit(name_[end])) ++end;
        if (!starts_component() || !name_.substr(at_).starts_with("$_") || end == at_ + 2 ||
            name_.substr(at_).starts_with("$_LT")) {
            result_ += name_[at_++];
            return;
        }
        result_ += "{lambda}";
        at_ = end;
    }

    std::string_view name_;
    int depth_;
    std::size_t at_ = 0;
    std::string result_;
};

}  // namespace

std::string rewritten_name(std::string_view name) {
    return Rewriter(name).rewritten();
}

}  // namespace coredepot::decoder
