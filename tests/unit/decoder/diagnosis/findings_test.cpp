// What the report says in words beyond what the dump says in numbers.

#include "decoder/diagnosis/findings.hpp"

#include <string>

#include <gtest/gtest.h>

#include "decoder/diagnosis/address_description.hpp"
#include "decoder/diagnosis/signature.hpp"
#include "decoder/elf/application_elf.hpp"
#include "decoder/support/samples.hpp"

namespace coredepot::decoder {
namespace {

/// Reports of a made-up crash of the thermostat's `main` task.
class FindingsTest : public testing::Test {
  protected:
    FindingsTest()
        : elf_{test::crash_dir() / "thermostat.elf", deadline_}, symbols_{elf_, deadline_} {
        Task task;
        task.name = "main";
        task.crashed = true;
        task.priority = 1;
        task.stack_start = 0x3FC90000;
        task.stack_end = 0x3FC91000;
        set_registers(task, 0x80000918, 0x3FC90800);
        report_.architecture = Architecture::RiscV;
        report_.chip = "esp32c3";
        report_.in_interrupt = false;
        report_.tasks = {task};
    }

    static void set_registers(Task& task, std::uint32_t pc, std::uint32_t sp) {
        task.stack_pointer = sp;
        task.pc = pc;
    }

    Task& task() { return report_.tasks.front(); }

    /// All findings in a line each.
    std::string found() const {
        Report report = report_;
        report.crash = describe_crash(report);
        std::string text;
        for (const auto& note : findings(report, elf_, symbols_)) {
            text += note + '\n';
        }
        return text;
    }

    std::string described(std::uint32_t address) const {
        return describe_address(address, report_, elf_, symbols_);
    }

    Deadline deadline_;
    ApplicationElf elf_;
    SymbolTable symbols_;
    Report report_;
};

TEST_F(FindingsTest, NothingToSay) {
    EXPECT_EQ(found(), "");
    report_.tasks.clear();
    EXPECT_EQ(found(), "");
}

TEST_F(FindingsTest, Exception) {
    report_.exception = Exception{7, 5, "Store/AMO access fault", described(5)};
    EXPECT_EQ(found(),
              "Store/AMO access fault: a store to an address that cannot be written; 0x00000005 is "
              "in the null page: a null pointer and an offset of 5.\n");
}

/// abort() makes a fault of its own.
TEST_F(FindingsTest, TheFaultOfAbortIsNoFinding) {
    report_.exception = Exception{7, 0, "Store/AMO access fault", described(0)};
    report_.panic_reason = "abort() was called at PC 0x80000873 on core 0";
    EXPECT_EQ(found(), "");
    report_.panic_reason = "";
    task().frames = {{0x80000918, "panic_abort", "", 0, false, false}};
    EXPECT_EQ(found(), "");
}

TEST_F(FindingsTest, ProgramCounterIsNoCode) {
    set_registers(task(), 0x3FC90010, 0x3FC90800);
    EXPECT_EQ(found(),
              "The program counter 0x3fc90010 is not code: it is in the stack of task 'main'.\n");
}

TEST_F(FindingsTest, StackOverflow) {
    set_registers(task(), 0x80000918, 0x3FC8FFF0);
    EXPECT_EQ(found(),
              "The stack of task 'main' overflowed: its stack pointer 0x3fc8fff0 is 16 bytes below "
              "the end of the stack.\n");
    set_registers(task(), 0x80000918, 0x3FC90010);
    EXPECT_EQ(found(), "The stack of task 'main' was nearly used up: 16 bytes were free.\n");
    set_registers(task(), 0x80000918, 0x3FC8C000);
    task().uses_own_stack = true;
    EXPECT_EQ(found(),
              "The stack of task 'main' overflowed: its stack pointer 0x3fc8c000 is 16384 bytes "
              "below the end of the stack.\n");
    task().uses_own_stack = false;
    set_registers(task(), 0x80000918, 0x12345678);
    EXPECT_EQ(found(), "The stack pointer 0x12345678 is outside of the stack of task 'main'.\n");
    // An interrupt has a stack of its own.
    report_.in_interrupt = true;
    EXPECT_EQ(found(),
              "The crash was in an interrupt, which came while task 'main' was running.\n");
}

TEST_F(FindingsTest, StackOverflowFoundByTheKernel) {
    report_.panic_reason = "***ERROR*** A stack overflow in task sensor has been detected.";
    EXPECT_EQ(found(),
              "The stack of task 'sensor' overflowed: FreeRTOS found its end overwritten when it "
              "switched tasks.\n");
}

TEST_F(FindingsTest, StackCanary) {
    report_.panic_reason = "Stack smashing protect failure!";
    EXPECT_EQ(found(),
              "A function of task 'main' wrote over the end of a local array: its stack canary was "
              "overwritten when it returned.\n");
}

TEST_F(FindingsTest, TaskWatchdog) {
    task().core = 0;
    report_.panic_reason =
        "Task watchdog got triggered. The following tasks/users did not reset the watchdog in "
        "time:\n - IDLE0 (CPU 0)\n - Tmr Svc (CPU 0/1)";
    EXPECT_EQ(found(),
              "The task watchdog fired while task 'main' (priority 1, core 0) was running; it "
              "starved 'IDLE0', 'Tmr Svc'.\n");
    report_.panic_reason = "";
    task().frames = {{0x80000918, "task_wdt_isr", "", 0, false, false}};
    EXPECT_EQ(found(),
              "The task watchdog fired while task 'main' (priority 1, core 0) was running.\n");
}

TEST_F(FindingsTest, InterruptWatchdog) {
    report_.exception = Exception{24, 0, "Interrupt watchdog timeout"};
    EXPECT_EQ(found(),
              "Interrupt watchdog timeout: interrupts were held off for too long.\n"
              "The interrupt watchdog fired: interrupts were held off while task 'main' "
              "(priority 1) was running.\n");
}

TEST_F(FindingsTest, Addresses) {
    EXPECT_EQ(described(0), "the null page: a null pointer");
    EXPECT_EQ(described(0x3FC90FFF), "the stack of task 'main'");
    EXPECT_EQ(described(0x800020F8), "variable zones+4 in .coredump.dram");
    EXPECT_EQ(described(0x80000CD4), "function heater_drive+74 in .text");
    EXPECT_EQ(described(0x3FCA0000), "internal RAM, in none of the application's sections");
    EXPECT_EQ(described(0x60000010), "peripheral registers, in none of the application's sections");
    EXPECT_EQ(described(0xDEADBEEF), "no memory: the chip has nothing there");
    report_.chip = "";
    EXPECT_EQ(described(0xDEADBEEF), "unknown memory");
}

}  // namespace
}  // namespace coredepot::decoder
