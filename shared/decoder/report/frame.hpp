#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace coredepot::decoder {

/// A parameter or a local variable of a frame.
struct Variable {
    std::string name;
    std::string type;   ///< as C writes it: `const char *`
    std::string value;  ///< as gdb prints it; `<optimized out>`, `<unreadable>`: unknown
    /// Of a parameter, at the function's call; empty: unknown or the same.
    std::string entry_value;
    /// The bits of an integer, an enumerator or a pointer; if only the entry value is known, its
    /// bits. Empty for other types and unknown values.
    std::optional<std::uint64_t> number{};
    /// The text that `number` points to; empty: there is none.
    std::optional<std::string> pointee{};
};

/// A line of a backtrace. An inlined call is a frame of its own, with `inlined` set and the `pc` of
/// the physical frame that contains it.
struct Frame {
    std::uint32_t pc = 0;
    std::string function;  ///< empty: unknown
    std::string file;      ///< from the compiler, made absolute; empty: unknown
    int line = 0;          ///< 0: unknown
    bool inlined = false;
    bool guessed = false;    ///< found by searching the stack, or unwound from such a frame
    bool tail_call = false;  ///< it was left by a jump; only debug information shows it
    bool local = false;  ///< a C or C++ function that only its own file can call: another file may
                         ///< have one of the same name
    /// The function that this frame's caller called instead. It was left by a jump and reached this
    /// frame in an unknown way, so it is not a frame itself. Only its name and place are known.
    std::vector<Frame> called_instead{};  ///< at most one
    /// For a lambda or a method of a local class, whose own names tell nothing: the functions
    /// around it, `setup`, `setup::{lambda}`. Empty: `function` is the whole name.
    std::string within{};
    /// Other names of the function. The compiler may have merged functions that do the same, and
    /// any of them may have been called; or the linker writes its name differently.
    std::vector<std::string> twins{};
    std::vector<Variable> args{};    ///< in the order of the source
    std::vector<Variable> locals{};  ///< inner blocks first, without blocks that were not entered
    /// How many frames of the stack were left out before this one: the middle of a runaway
    /// recursion.
    std::size_t folded = 0;
};

}  // namespace coredepot::decoder
