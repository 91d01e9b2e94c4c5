# Runs in gdb: lets the program crash, and adds a line to `stops`: the build, then the 32 registers in the
# order of a core dump, which has none for floating point, then the words of the stack.
import os
import struct

import gdb

REGISTERS = ["pc", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "fp", "s1"] + \
    [f"a{i}" for i in range(8)] + [f"s{i}" for i in range(2, 12)] + [f"t{i}" for i in range(3, 7)]


def value(expression):
    return int(gdb.parse_and_eval(expression)) & 0xFFFFFFFF


gdb.execute("continue")
registers = [value("$" + name) for name in REGISTERS]
end = value("(unsigned)&stack") + 2048
memory = bytes(gdb.selected_inferior().read_memory(registers[2], end - registers[2]))
words = struct.unpack(f"<{len(memory) // 4}I", memory)
with open("stops", "a") as out:
    out.write(os.environ["BUILD"] + " " + " ".join("%x" % number for number in registers) + " - " +
              " ".join("%x" % number for number in words) + "\n")
gdb.execute("kill")
