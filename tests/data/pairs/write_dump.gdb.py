# Runs in gdb: lets the program crash, and adds lines to `dumps`, one for each task, that which crashed
# first: the build, the crash and the task, the 32 registers in the order of a core dump, then the words
# of the stack. Where the dump has a panic reason, a line says so.
import os
import struct

import gdb

REGISTERS = ["pc", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "fp", "s1"] + \
    [f"a{i}" for i in range(8)] + [f"s{i}" for i in range(2, 12)] + [f"t{i}" for i in range(3, 7)]
# How many instructions after watchdog_is_due() the watchdog bites: at three places of a loop that polls.
STEPS = {33: 40, 34: 57, 35: 91, 36: 45, 37: 99}
crash = int(os.environ["CRASH"])
out = open("dumps", "a")


def value(expression):
    return int(gdb.parse_and_eval(expression)) & 0xFFFFFFFF


def text(expression):
    return gdb.parse_and_eval(f"*(char**)({expression})").string()


def word(address):
    return struct.unpack("<I", bytes(gdb.selected_inferior().read_memory(address, 4)))[0]


def write(task, registers, end):
    memory = bytes(gdb.selected_inferior().read_memory(registers[2], end - registers[2]))
    words = struct.unpack(f"<{len(memory) // 4}I", memory)
    out.write(f"{os.environ['BUILD']},{crash}{task} " + " ".join("%x" % number for number in registers) +
              " - " + " ".join("%x" % number for number in words) + "\n")


gdb.execute(f"set var crash = {crash}")
if 30 <= crash < 40:
    gdb.execute("break watchdog_is_due")
gdb.execute("continue")
if 30 <= crash < 40:
    gdb.execute("delete")
    gdb.execute("finish")
    gdb.execute(f"stepi {STEPS.get(crash, 25)}")
registers = [value("$" + name) for name in REGISTERS]
end = value("(unsigned)&stack") + 2048
if crash < 30 or crash >= 50:
    write("", registers, end)
    if value("(unsigned)panic_reason"):
        out.write(f"{os.environ['BUILD']},{crash} says {text('&panic_reason')}\n")
else:
    starved = ""
    tasks = []
    for i in range(value("task_count")):
        task = f"tasks[{i}]"
        if value(task + ".starves"):
            starved += "\\n - " + text(f"&{task}.name") + " (CPU 0)"
        kept = [0] * 32
        kept[0] = value("(unsigned)&vPortYield") + 34
        kept[2] = value(task + ".sp")
        top = value(task + ".end") or end
        running = i == value("current")
        start = value(task + ".stack") or top - 2048
        line = (f",{text(f'&{task}.name')},{start:x},{top:x}", registers if running else kept, top)
        tasks.insert(0 if running else len(tasks), line)
    for task in tasks:
        write(*task)
    if starved:
        out.write(f"{os.environ['BUILD']},{crash} says Task watchdog got triggered. The following "
                  f"tasks/users did not reset the watchdog in time:{starved}\n")
gdb.execute("kill")
