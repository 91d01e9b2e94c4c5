#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Output of Rust firmware without ESP-IDF about a panic, from the crates esp-backtrace (versions
/// 0.1 to 0.20) and esp-hal.
namespace coredepot::decoder {

/// Where the words of a panic start in a line, and these words in the form that Rust uses today.
struct RustPanic {
    std::size_t start = 0;
    std::string text{};  ///< `panicked at src/main.rs:25:5:`; empty: there are none
};

/// From a line like that, or like `!! A panic occured in 'src/main.rs', at line 25, column 5`.
RustPanic rust_panic_in(std::string_view line);

/// The rest of `line` from `Stack overflow detected at 0x42000018` or `Detected a write to the
/// stack guard value on AppCpu`; empty when it has neither.
std::string_view rust_overflow_in(std::string_view line);

/// The name of a CPU exception in `Exception occurred on ProCpu 'StoreProhibited'` or `Exception
/// 'Load access fault' mepc=0x42000018, mtval=0x00000000`; empty when there is none.
std::string_view rust_exception_in(std::string_view line);

/// The registers in a line, under ESP-IDF's names: in `PC=0x42000100       PS=0x00060030`,
/// `TrapFrame { ra: 1108277650, t0: 202 }`, `mepc=0x42000018, mtval=0x0`, or `Stack overflow
/// detected at 0x42000018 called by 0x42000100`.
std::map<std::string, std::uint32_t> rust_registers_in(std::string_view line);

/// The address in a line of a backtrace, which holds nothing else except what a log adds:
/// `0x42001234`, `1.02 [ERROR] 0x42001234 (esp_backtrace src/lib.rs:70)`; empty when it has
/// anything else.
std::optional<std::uint32_t> listed_call_in(std::string_view line);

/// Replaces a backtrace when there are no frame pointers.
struct RustStack {
    std::uint32_t pc = 0;              ///< the return address of a call in the panic handler
    std::vector<std::uint32_t> words;  ///< the stack, from the stack pointer at that call on
};

/// Reads `STACKDUMP: 4200a1b2 0000000034120042…`, where each word's bytes are in the order of the
/// memory; empty for other lines.
std::optional<RustStack> rust_stack_in(std::string_view line);

}  // namespace coredepot::decoder
