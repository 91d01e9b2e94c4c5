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
    std::string type;         ///< as C writes it: `const char *`
    std::string value;        ///< as gdb prints it; `<optimized out>`, `<unreadable>`: not known
    std::string entry_value;  ///< of a parameter, when the function was called; empty: not known or
                              ///< the same
    /// Of an integer, an enumerator or a pointer, its bits; where only the entry value is known,
    /// those of that. Empty: it is none of these, or not known.
    std::optional<std::uint64_t> number{};
    std::optional<std::string> pointee{};  ///< the text that `number` points to; empty: to none
};

/// One line of a backtrace. An inlined call is a frame of its own with `inlined` set and the `pc`
/// of the physical frame that holds it.
struct Frame {
    std::uint32_t pc = 0;
    std::string function;  ///< empty: unknown
    std::string file;      ///< as the compiler wrote it, made absolute; empty: unknown
    int line = 0;          ///< 0: unknown
    bool inlined = false;
    bool guessed = false;    ///< found by a search of the stack, or unwound from such a frame
    bool tail_call = false;  ///< left by a jump; known from the debug information alone
    bool local = false;  ///< of C or C++, and only its own file can call it: another file may have
                         ///< one of the same name
    /// What the caller of this frame called instead: a function that left by a jump, and came here
    /// by a way that is not known, so that it is no frame. Of it only the name and the place are
    /// known.
    std::vector<Frame> called_instead{};  ///< at most one
    /// Of a lambda or a method of a local class, whose own names say nothing: the functions around
    /// it, `setup`, `setup::{lambda}`. Empty: `function` is the whole name.
    std::string within{};
    /// What else the function is called: others that do the same have become one with it, and it
    /// may be any of them that was called; or the linker's name for it is written otherwise.
    std::vector<std::string> twins{};
    std::vector<Variable> args{};  ///< in the order of the source
    std::vector<Variable>
        locals{};  ///< of inner blocks first; those of blocks not entered left out
    /// How many frames of the stack are left out between the line before and this one: the middle
    /// of a runaway recursion.
    std::size_t folded = 0;
};

}  // namespace coredepot::decoder
