#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What Rust firmware without ESP-IDF prints of a panic: the crates esp-backtrace and esp-hal. The
/// forms are those of esp-backtrace 0.1 to 0.20.
namespace coredepot::decoder {

/// Where a panic's line says so, from its words on, and these as Rust writes them today.
struct RustPanic {
    std::size_t start = 0;
    std::string text{};  ///< `panicked at src/main.rs:25:5:`; empty: none
};

/// Of a line like that, or `!! A panic occured in 'src/main.rs', at line 25, column 5`.
RustPanic rust_panic_in(std::string_view line);

/// `Stack overflow detected at 0x42000018`, `Detected a write to the stack guard value on AppCpu`:
/// from there to the end of `line`; empty: none.
std::string_view rust_overflow_in(std::string_view line);

/// The name of an exception of the CPU: of `Exception occurred on ProCpu 'StoreProhibited'`, or of
/// `Exception 'Load access fault' mepc=0x42000018, mtval=0x00000000`; empty: none.
std::string_view rust_exception_in(std::string_view line);

/// Registers in a line, by the names that ESP-IDF prints: of `PC=0x42000100       PS=0x00060030`,
/// `TrapFrame { ra: 1108277650, t0: 202 }`, `mepc=0x42000018, mtval=0x0`, and of `Stack overflow
/// detected at 0x42000018 called by 0x42000100`.
std::map<std::string, std::uint32_t> rust_registers_in(std::string_view line);

/// Of a line of a backtrace, which holds an address and nothing else but what a log puts around it:
/// `0x42001234`, `1.02 [ERROR] 0x42001234 (esp_backtrace src/lib.rs:70)`; empty: none.
std::optional<std::uint32_t> listed_call_in(std::string_view line);

/// What stands in for a backtrace where there are no frame pointers.
struct RustStack {
    std::uint32_t pc = 0;              ///< what a call in the panic handler returns to
    std::vector<std::uint32_t> words;  ///< of the stack, from the stack pointer there on
};

/// Of `STACKDUMP: 4200a1b2 0000000034120042…`, the words' bytes in the order of the memory; empty:
/// none.
std::optional<RustStack> rust_stack_in(std::string_view line);

}  // namespace coredepot::decoder
