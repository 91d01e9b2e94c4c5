// Variables of every kind of type, and functions that end in tail calls: what the decoder's tests of
// values and of tail calls read. Never runs. `regenerate` makes values.elf from it.

#include <stdbool.h>
#include <stdint.h>

enum mode { MODE_OFF, MODE_ECO, MODE_BOOST = 7, MODE_UNSET = -1 };
enum flags { FLAG_A = 1, FLAG_B = 2, FLAG_C = 4 };

struct point {
    int16_t x, y;
};

struct bits {
    uint32_t low : 3;
    int32_t signed_field : 5;
    uint32_t wide : 20;
    enum mode mode : 4;
};

struct device {
    const char *name;
    char label[8];
    struct point at;
    uint8_t raw[3];
    bool ready;
    int32_t samples[12];
    struct device *next;
};

union word {
    uint32_t whole;
    uint8_t bytes[4];
};

typedef int32_t temperature_t;
typedef void (*callback_t)(void *argument);

void on_event(void *argument);

int32_t negative = -42;
uint32_t large = 4000000000u;
int64_t long_negative = -5000000000ll;
uint64_t long_large = 0xFEDCBA9876543210ull;
char letter = 'a';
char newline = '\n';
signed char below = -1;
uint8_t small_number = 200;
bool yes = true;
bool no = false;
float pi = 3.14159274f;
double tenth = 0.1;
enum mode boost = MODE_BOOST;
enum mode unset = MODE_UNSET;
enum mode no_such_mode = (enum mode)3;
enum flags some_flags = (enum flags)(FLAG_A | FLAG_C);
const volatile temperature_t temperature = 21;
const char *text = "say \"hi\"\n\x01";
void *nothing = 0;
int32_t *number_pointer = &negative;
void *inside = (char *)&negative + 2;
callback_t callback = on_event;
char exact[3] = {'a', 'b', 'c'};
char short_text[8] = "ab";
uint16_t few[3] = {1, 2, 3};
int32_t many[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
struct point points[2] = {{1, -1}, {2, -2}};
int8_t grid[2][2] = {{1, 2}, {3, 4}};
struct point corner = {-3, 4};
struct bits bits = {5, -3, 70000, MODE_BOOST};
union word word = {0x01020304};
struct device device = {"bath", "heater", {1, 2}, {9, 8, 7}, true, {10, 11}, &device};
volatile int32_t sink;

void __attribute__((noinline)) on_event(void *argument) {
    sink = argument != 0;
}

// The last call of each is a jump at -O2.
int32_t __attribute__((noipa)) innermost(int32_t value) {
    sink = value;
    return value / sink;
}

int32_t __attribute__((noipa)) first_jump(int32_t value) {
    sink = 1;
    return innermost(value + 1);
}

int32_t __attribute__((noipa)) second_jump(int32_t value) {
    sink = 2;
    return first_jump(value * 2);
}

// Two ways lead from here to innermost().
int32_t __attribute__((noipa)) either(int32_t value) {
    if (value > 3) {
        return first_jump(value);
    }
    return innermost(-value);
}

int32_t __attribute__((noipa)) outer(int32_t value) {
    const int32_t direct = second_jump(value + 100);
    const int32_t unsure = either(value);
    sink = direct;
    return direct + unsure;
}

void _start(void) {
    sink = outer(5) + (int32_t)(intptr_t)&device;
}

int16_t board[2][3] = {{1, 2, 3}, {4, 5, 6}};
char labels[3][8] = {"ab", "", "12345678"};
int cube[2][2][2] = {{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}};
const char *const titles[2] = {"on", "off"};
