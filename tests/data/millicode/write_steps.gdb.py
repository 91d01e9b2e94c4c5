# Runs in gdb: stops once at each instruction of __riscv_save_N and __riscv_restore_N, and writes a line
# for each to `steps`: gdb's backtrace, then the 32 registers in the order of a core dump, then the words
# of the stack.
import struct

import gdb

REGISTERS = ["pc", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "fp", "s1"] + \
    [f"a{i}" for i in range(8)] + [f"s{i}" for i in range(2, 12)] + [f"t{i}" for i in range(3, 7)]


def value(expression):
    return int(gdb.parse_and_eval(expression)) & 0xFFFFFFFF


def backtrace():
    frame = gdb.newest_frame()
    while frame is not None:
        yield frame.name() or "??"
        frame = frame.older()


gdb.execute("break app_main")
gdb.execute("continue")
# libgcc's call frame information is wrong of some instructions: there callers are missing.
CALLERS = ["two", "six", "ten", "twelve", "app_main", "_start"]
end = value("(unsigned)&stack") + 1024
seen = set()
names = list(backtrace())
with open("steps", "w") as out:
    while names[0] != "_start":
        if names[0].startswith("__riscv_") and value("$pc") not in seen and \
                names[1:] == CALLERS[-len(names[1:]):]:
            seen.add(value("$pc"))
            registers = [value("$" + name) for name in REGISTERS]
            memory = bytes(gdb.selected_inferior().read_memory(registers[2], end - registers[2]))
            words = struct.unpack(f"<{len(memory) // 4}I", memory)
            out.write(",".join(names) + " " + " ".join("%x" % number for number in registers) + " - " +
                      " ".join("%x" % number for number in words) + "\n")
        gdb.execute("stepi", to_string=True)
        names = list(backtrace())
gdb.execute("kill")
