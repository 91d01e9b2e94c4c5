# Runs in gdb: lets the program crash, and writes what ESP-IDF would have written, as far as a
# backtrace takes it: the registers and the stack. `expected` gets gdb's backtrace, with the arguments
# of the application's functions.
import os
import struct

import gdb

REGISTERS = ["pc", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "fp", "s1"] + \
    [f"a{i}" for i in range(8)] + [f"s{i}" for i in range(2, 12)] + [f"t{i}" for i in range(3, 7)]
TCB, PROGRAM_HEADER, HEADER = 0x3FC70000, 32, 52


def u32(*values):
    return struct.pack(f"<{len(values)}I", *values)


def value(expression):
    return int(gdb.parse_and_eval(expression)) & 0xFFFFFFFF


gdb.execute("continue")
registers = [value("$" + name) for name in REGISTERS]
end = value("&stack") + value("sizeof stack")
stack = bytes(gdb.selected_inferior().read_memory(registers[2], end - registers[2]))
description = bytes(24) + u32(TCB) + bytes(44) + u32(*registers) + bytes(4)
note = u32(5, len(description), 1) + b"CORE\0\0\0\0" + description
segments = [(4, 0, note), (1, registers[2], stack), (1, TCB, bytes(88))]
offset = HEADER + PROGRAM_HEADER * len(segments)
headers = b""
for kind, address, content in segments:
    headers += u32(kind, offset, address, address, len(content), len(content), 6, 4)
    offset += len(content)
with open("coredump.bin", "wb") as core:
    core.write(b"\x7fELF\x01\x01\x01" + bytes(9))
    core.write(struct.pack("<HHIIIIIHHHHHH", 4, 243, 1, 0, HEADER, 0, 0, HEADER, PROGRAM_HEADER,
                           len(segments), 0, 0, 0))
    core.write(headers + b"".join(content for _, _, content in segments))
with open("expected", "w") as out:
    frame = gdb.newest_frame()
    while frame is not None:
        arguments = ""
        if frame.name() == "done" or frame.name().startswith("step"):
            for symbol in frame.block():
                if symbol.is_argument:
                    arguments += f" {symbol.name}={symbol.value(frame)}"
        out.write(f"{frame.name()}{arguments}\n")
        frame = frame.older()
gdb.execute("kill")
