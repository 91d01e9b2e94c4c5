// Tasks that starve, and tasks whose stacks overflow. The kernel is cooperative; what interrupts a
// task is gdb, some instructions after watchdog_is_due().

#include "system.hpp"

extern "C" {
struct Task {
    unsigned sp;
    const char* name;
    unsigned stack;
    unsigned end;
    bool starves;
};
Task tasks[5];
int task_count;
int current;
void vPortYield(unsigned* kept, unsigned next);
void vPortTaskWrapper();

[[gnu::noipa]] void watchdog_is_due() {
    sink = 0;
}

// The first is there for those that overflow.
alignas(16) char stacks[5][1024];
}

namespace {

int of_idle, of_wifi, of_worker_a, of_worker_b;
bool polls;

void yield() {
    const int from = current;
    current = (current + 1) % task_count;
    vPortYield(&tasks[from].sp, tasks[current].sp);
}

[[gnu::noinline]] int xQueueReceive(volatile int* queue) {
    while (*queue == 0) yield();
    return *queue;
}

int create(const char* name, void (*function)()) {
    constexpr unsigned kSaved = 64;
    Task& task = tasks[task_count];
    task.name = name;
    task.stack = reinterpret_cast<unsigned>(stacks[task_count]);
    task.end = task.stack + sizeof stacks[0];
    task.sp = task.end - kSaved;
    auto* saved = reinterpret_cast<unsigned*>(task.sp);
    saved[0] = reinterpret_cast<unsigned>(vPortTaskWrapper);
    saved[1] = reinterpret_cast<unsigned>(function);
    return task_count++;
}

volatile int no_messages;
volatile int fifo;

void prvIdleTask() {
    for (int round = 0;; ++round) {
        if ((crash == 30 || crash == 32) && round == 1) watchdog_is_due();
        for (int i = 0; i < 100; ++i) sink = sink + i;
        yield();
    }
}

void ppTask() {
    for (int round = 0;; ++round) {
        if (crash == 31 && round == 1) watchdog_is_due();
        for (int i = 0; i < 100; ++i) sink = sink * i;
        yield();
    }
}

[[gnu::noinline]] int fifo_level(int channel) {
    int level = 0;
    for (int i = 0; i < 4; ++i) level += fifo >> channel;
    return level;
}
[[gnu::noinline]] int read_fifo(int channel) {
    int sum = 0;
    while (fifo_level(channel) == 0 && sum < 1000) sum += fifo + channel;
    return sum;
}
[[gnu::noinline]] int poll_channel(int channel) {
    while (read_fifo(channel) != 1) sink = sink + 1;
    return sink;
}

[[gnu::noinline]] int format(int depth) {
    volatile int digits[20];
    digits[depth % 20] = depth;
    return depth > 12 ? store(depth) : format(depth + 1) + digits[3];
}
[[gnu::noinline]] int send(int depth) {
    volatile int frame[30];
    frame[depth % 30] = depth;
    return depth > 8 ? store(depth) : send(depth + 1) - frame[4];
}

// More than all of the stack at once.
[[gnu::noinline]] int draw(int row) {
    volatile int pixels[600];
    pixels[row] = row;
    return store(row) + pixels[row + 1];
}
[[gnu::noinline]] int load(int sector) {
    volatile int blocks[650];
    blocks[sector] = sector;
    return store(sector) - blocks[sector + 1];
}

[[gnu::noinline]] int handle_message(int message) {
    sink = xQueueReceive(&no_messages);
    return message + sink;
}

void worker_a() {
    if (polls && crash != 38) {
        watchdog_is_due();
        sink = poll_channel(1);
    }
    if (crash == 40) sink = format(1);
    if (crash == 41) sink = send(1);
    if (crash == 43) sink = draw(1) + sink;
    if (crash == 44) sink = load(1) - sink;
    for (;;) sink = handle_message(2) + sink;
}

void worker_b() {
    if (polls && crash == 38) {
        watchdog_is_due();
        sink = poll_channel(2);
    }
    if (crash == 42) sink = format(1);
    if (crash == 45) sink = draw(2) + sink;
    for (;;) sink = handle_message(3) - sink;
}

}  // namespace

/// 30 to 32: a worker waits for ever, and the watchdog comes upon somebody else. 33 to 35: it
/// polls. 36 to 38: it polls, and the idle task starves. 40 to 45: it needs more stack than it has.
int crash_in_tasks(int which) {
    if (which < 30 || which > 45) return 0;
    polls = which >= 33 && which <= 38;
    tasks[task_count++].name = "main";
    of_idle = create("IDLE", prvIdleTask);
    of_wifi = create("wifi", ppTask);
    of_worker_a = create("worker_a", worker_a);
    of_worker_b = create("worker_b", worker_b);
    tasks[which >= 36 ? of_idle : which == 32 ? of_worker_b : of_worker_a].starves = which < 40;
    for (;;) yield();
}
