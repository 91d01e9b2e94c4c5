# SPDX-License-Identifier: MIT
# Run by gdb-multiarch on the ELF and a core: the frames of all tasks, one a line, and before the
# frames of a physical frame the address that addr2line has to be asked for.
import gdb


def walk(thread):
    thread.switch()
    tcb = gdb.parse_and_eval("(TCB_t *)%d" % thread.ptid[1])
    print("task", tcb["pcTaskName"].string())
    frame, number, physical = gdb.newest_frame(), 0, True
    while frame is not None and frame.name() is not None:
        sal = frame.find_sal()
        if physical:  # a return address is looked up at the call, one byte before it
            print("pc 0x%x" % (frame.pc() - (1 if number else 0)))
        print("frame #%d %s %s:%d" % (number, frame.name(), sal.symtab.filename, sal.line))
        physical = frame.type() != gdb.INLINE_FRAME
        frame, number = frame.older(), number + 1


for thread in sorted(gdb.selected_inferior().threads(), key=lambda thread: thread.num):
    walk(thread)
