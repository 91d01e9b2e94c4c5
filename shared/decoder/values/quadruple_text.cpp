#include "decoder/values/quadruple_text.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "decoder/bytes/byte_reader.hpp"
#include "decoder/bytes/hex.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::size_t kWord = sizeof(std::uint64_t);
constexpr unsigned kUpperFractionBits = 48;  // in the upper word; the lower one has 64
constexpr std::uint64_t kFraction = (std::uint64_t{1} << kUpperFractionBits) - 1;
constexpr std::uint64_t kExponent = 0x7FFF;  // above the fraction
constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;
/// The bias of the exponent, and the number of bits in the fraction.
constexpr int kBias = 16'383;
constexpr int kFractionBits = 112;
/// As many digits as distinguish any two such numbers: 1 + 113 * log10(2), rounded up.
constexpr std::size_t kDigits = 36;

/// A large number, in 32-bit words, lowest first.
class LargeNumber {
  public:
    LargeNumber(std::uint64_t upper, std::uint64_t lower) {
        for (const std::uint64_t part : {lower, upper}) {
            words_.push_back(static_cast<std::uint32_t>(part));
            words_.push_back(static_cast<std::uint32_t>(part >> 32U));
        }
    }

    void multiply(std::uint32_t factor) {
        std::uint64_t carry = 0;
        for (std::uint32_t& word : words_) {
            carry += std::uint64_t{word} * factor;
            word = static_cast<std::uint32_t>(carry);
            carry >>= 32U;
        }
        if (carry != 0) {
            words_.push_back(static_cast<std::uint32_t>(carry));
        }
    }

    /// Returns all digits; the number becomes 0.
    std::string take_digits() {
        constexpr std::uint32_t kBillion = 1'000'000'000;
        constexpr std::size_t kDigitsOfBillion = 9;
        std::string reversed;
        while (!words_.empty()) {
            std::uint64_t rest = 0;
            std::for_each(words_.rbegin(), words_.rend(), [&rest](std::uint32_t& word) {
                rest = rest << 32U | word;
                word = static_cast<std::uint32_t>(rest / kBillion);
                rest %= kBillion;
            });
            for (std::size_t i = 0; i < kDigitsOfBillion; ++i, rest /= 10) {
                reversed += static_cast<char>('0' + rest % 10);
            }
            while (!words_.empty() && words_.back() == 0) {
                words_.pop_back();
            }
        }
        const auto end = std::min(reversed.find_last_not_of('0') + 1, reversed.size());
        return {reversed.rend() - static_cast<std::ptrdiff_t>(end), reversed.rend()};
    }

  private:
    std::vector<std::uint32_t> words_;
};

/// 0.DIGITS * 10^point.
struct Decimal {
    std::string digits;
    int point = 0;
};

/// mantissa * 2^exponent, exactly. The mantissa is not 0.
Decimal decimal_of(LargeNumber mantissa, int exponent) {
    constexpr std::uint32_t kFiveTo13 = 1'220'703'125;  // the largest power in 32 bits
    constexpr int kThirteen = 13;
    constexpr int kShift = 31;
    const int halvings = std::max(-exponent, 0);  // 2^-n is 5^n / 10^n
    for (int left = halvings; left > 0; left -= kThirteen) {
        std::uint32_t factor = kFiveTo13;
        for (int i = left; i < kThirteen; ++i) {
            factor /= 5;
        }
        mantissa.multiply(factor);
    }
    for (int left = exponent; left > 0; left -= kShift) {
        mantissa.multiply(std::uint32_t{1} << static_cast<unsigned>(std::min(left, kShift)));
    }
    Decimal decimal{mantissa.take_digits(), 0};
    decimal.point = static_cast<int>(decimal.digits.size()) - halvings;
    return decimal;
}

/// Rounds to kDigits digits, half to even.
void round(Decimal& decimal) {
    std::string& digits = decimal.digits;
    if (digits.size() > kDigits) {
        const std::string rest = digits.substr(kDigits);
        digits.resize(kDigits);
        const bool tie = rest.find_first_not_of('0', 1) == std::string::npos && rest[0] == '5';
        const bool odd = (digits.back() - '0') % 2 != 0;
        if (tie ? odd : rest[0] >= '5') {
            auto digit = digits.rbegin();
            for (; digit != digits.rend() && *digit == '9'; ++digit) {
                *digit = '0';
            }
            if (digit == digits.rend()) {
                digits.insert(digits.begin(), '1');
                ++decimal.point;
            } else {
                ++*digit;
            }
        }
    }
    digits.resize(digits.find_last_not_of('0') + 1);
}

/// Like printf()'s `%.36g`.
std::string text_of(const Decimal& decimal) {
    const auto& [digits, point] = decimal;
    constexpr int kSmallest = -3;  // 0.0001
    if (point < kSmallest || point > static_cast<int>(kDigits)) {
        const int exponent = point - 1;
        const std::string size = std::to_string(std::abs(exponent));
        return digits.substr(0, 1) + (digits.size() > 1 ? "." : "") + digits.substr(1) +
               (exponent < 0 ? "e-" : "e+") + (size.size() < 2 ? "0" : "") + size;
    }
    if (point <= 0) {
        return "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
    }
    const auto whole = static_cast<std::size_t>(point);
    if (whole >= digits.size()) {
        return digits + std::string(whole - digits.size(), '0');
    }
    return digits.substr(0, whole) + '.' + digits.substr(whole);
}

/// `nan(0x8000000000000000000000000000)`: all of the fraction.
std::string nan_of(std::uint64_t upper, std::uint64_t lower) {
    constexpr std::size_t kDigitsOfWord = 16;
    const std::string rest = hex(lower).substr(2);
    return "nan(" + hex(upper) + std::string(kDigitsOfWord - rest.size(), '0') + rest + ')';
}

}  // namespace

std::string quadruple_text(std::span<const std::byte> bytes) {
    const std::uint64_t lower = load_number(bytes.first(kWord));
    const std::uint64_t upper = load_number(bytes.subspan(kWord, kWord));
    const std::string sign = (upper & kSign) != 0 ? "-" : "";
    const std::uint64_t exponent = upper >> kUpperFractionBits & kExponent;
    const std::uint64_t fraction = upper & kFraction;
    if (exponent == kExponent) {
        return sign + ((fraction | lower) == 0 ? "inf" : nan_of(fraction, lower));
    }
    if ((exponent | fraction | lower) == 0) {
        return sign + '0';
    }
    // The numbers closest to 0 lack the 1 in front of the fraction.
    const std::uint64_t one = exponent == 0 ? 0 : std::uint64_t{1} << kUpperFractionBits;
    const int power =
        static_cast<int>(std::max<std::uint64_t>(exponent, 1)) - kBias - kFractionBits;
    Decimal decimal = decimal_of({fraction | one, lower}, power);
    round(decimal);
    return sign + text_of(decimal);
}

}  // namespace coredepot::decoder
