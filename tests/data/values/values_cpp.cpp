// Variables of types that C++ has and C lacks, or has by another name: what the decoder's tests of
// values read. Never runs. `regenerate` makes values-cpp.elf from it.

namespace heating {

enum class Mode : unsigned char { Off, Eco, Boost };
enum Plain { FLAG_A = 1, FLAG_B = 2 };

struct Valve {
    enum class State { Shut, Open };
    int position;
    int limit;
    State state;
    void turn(int by);
    virtual void close();
};

struct Pump {
    int speed;
    void run(int at);
};

struct Boiler : Pump, Valve {};

void Valve::turn(int by) {
    position += by;
}
void Pump::run(int at) {
    speed = at;
}
void Valve::close() {
    position = 0;
}

Mode mode = Mode::Eco;
Mode no_such_mode = static_cast<Mode>(9);
Plain plain = FLAG_B;
Plain flags = static_cast<Plain>(3);

}  // namespace heating

enum class Top { One, Two };
enum class Bits : unsigned { A = 1, B = 2, C = 4 };
Top top = Top::Two;
Bits bits = static_cast<Bits>(5);
Bits odd_bits = static_cast<Bits>(9);
heating::Valve::State state = heating::Valve::State::Open;
heating::Valve valve{};
heating::Boiler boiler{};

decltype(nullptr) null = nullptr;
struct WithNull {
    int a;
    decltype(nullptr) n;
} with_null = {1, nullptr};

int heating::Valve::*member = &heating::Valve::limit;
int heating::Valve::*no_member = nullptr;
void (heating::Valve::*method)(int) = &heating::Valve::turn;
void (heating::Valve::*virtual_method)() = &heating::Valve::close;
int heating::Boiler::*inherited = &heating::Boiler::limit;
void (heating::Boiler::*adjusted)(int) = &heating::Boiler::run;
void (heating::Valve::*no_method)(int) = nullptr;

char16_t letter16 = u'a';
char16_t umlaut16 = u'\u00fc';
char32_t letter32 = U'b';
char32_t smile32 = U'\U0001F600';
wchar_t wide = L'w';
wchar_t wide_newline = L'\n';
wchar_t wide_umlaut = L'\u00fc';
char16_t nul16 = 0;
char16_t control16 = 1;
char16_t surrogate16 = 0xD800;
char32_t invalid32 = 0x110000;
const char8_t* text8 = u8"gr\u00fc\u00df";
const char16_t* text16 = u"say \"hi\"\n\u00fc";
const char32_t* text32 = U"deep\U0001F600";
const wchar_t* wide_text = L"wide\u20ac";
const char16_t* null16 = nullptr;
char16_t array16[8] = u"abc";
char16_t full16[3] = {u'a', u'b', u'c'};
wchar_t array_wide[4] = L"xy";
char32_t zeros[16] = {};

_Complex int complex_int = 3 + 4i;
_Complex float complex_float = 1.5f - 2.0if;
_Complex double complex_double = 0.5 + 2.25i;
_Complex short complex_short = 3 + 4i;

int target = 7;
int& reference = target;
extern "C" void _start() {
    target = valve.position;
}

// Other names of one function, whose order in the symbol table is not that of the alphabet.
extern "C" void zz_alias() __attribute__((alias("_start")));
extern "C" void aa_alias() __attribute__((alias("_start")));
extern "C" void mm_alias() __attribute__((alias("_start")));
