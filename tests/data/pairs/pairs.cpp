// One crash for each value of `crash`, to be built in many ways: what the decoder's tests of
// signatures compare. Its system is made up, as far as names go that the decoder knows.
// `regenerate` makes the ELFs and `dumps` of it.

#ifdef SHIFTED
// Another build: lines moved, a function more, another order.
static int padding(int n) {
    return n * 3 + 1;
}
int use_of_padding(int n) {
    return padding(n) - padding(n - 1);
}

#endif

#include "system.hpp"

extern "C" {
__attribute__((aligned(16), used)) char stack[2048];
volatile int crash;
volatile int sink;
volatile int* volatile nowhere;

[[gnu::noipa]] void print(const char* text) {
    sink = text[0];
}

[[noreturn, gnu::noinline]] void panic_abort(const char* details) {
    print(details);
    *nowhere = 1;
    __builtin_trap();
}

// Of a panic with a text of its own; abort() and what ends in it have to do without one here, as in
// core dumps of the BIN format.
const char* volatile panic_reason;
[[noreturn, gnu::noinline]] void esp_system_abort(const char* details) {
    panic_reason = details;
    panic_abort(details);
}

[[noreturn, gnu::noinline]] void abort() {
    panic_abort("abort() was called");
}

[[noreturn, gnu::noinline]] void __assert_func(const char* file, int line, const char* func,
                                               const char* expr) {
    print(file);
    print(func);
    print(expr);
    sink = line;
    abort();
}

[[noreturn, gnu::noinline]] void _esp_error_check_failed(int rc, const char* file, int line,
                                                         const char* function,
                                                         const char* expression) {
#ifndef SILENT  // as with silent assertions: what nobody uses, nobody needs to pass
    print(file);
    print(function);
    print(expression);
#endif
    sink = rc + line;
    abort();
}

// The heap comes upon the damage in another function.
[[gnu::noinline]] void remove_free_block(void* block) {
    print("remove");
    *nowhere = *static_cast<int*>(block);
}

[[gnu::noinline]] void multi_heap_free(void* block) {
    if (crash == 14 || crash == 15) return remove_free_block(block);
    if (crash != 0) __assert_func("multi_heap.c", 279, __func__, "head != NULL");
    sink = *static_cast<int*>(block);
}
}

namespace std {
// A function that does not return and has nothing to save keeps no return address at -Os.
[[noreturn, gnu::noinline]] void terminate() {
    print("terminate");
    abort();
}
[[noreturn, gnu::noinline]] void __throw_bad_alloc() {
    print("bad_alloc");
    terminate();
}
template <typename Result, typename Call>
Result __invoke_impl(Call& call, int argument) {
    return call(argument);
}
}  // namespace std

[[gnu::noinline]] void* operator new(size_t size) {
    print("new");
    if (crash != 0) std::__throw_bad_alloc();
    return stack + size;
}
void operator delete(void*) noexcept {}

namespace {

// Lambdas, called through the library. Inlined in one place, calls of two of them may become one.
[[gnu::noinline]] int first_of_setup(int n) {
    auto lambda = [n](int x) { return store(x + n) + 1; };
    return std::__invoke_impl<int>(lambda, 2);
}
[[gnu::noinline]] int setup(int which, int n) {
    auto low = [n](int x) { return store(x * n) + 2; };
    auto high = [n, which](int x) { return store(x - n) + which; };
    return which == 0 ? std::__invoke_impl<int>(low, 3) : std::__invoke_impl<int>(high, 4);
}

// One lambda, called as it is and through the library.
[[gnu::noinline]] int start_pump(bool directly, int n) {
    auto lambda = [n](int x) { return store(x - n) + 3; };
    return directly ? lambda(5) : std::__invoke_impl<int>(lambda, 6);
}

template <int Size>
struct Ring {
    int items[Size] = {};
    int used = 0;
    int push(int item) {
        items[used++ % Size] = item;
        return store(used) + items[0];
    }
};

int odd(int n);
int even(int n) {
    return n == 0 ? store(n) : odd(n - 1) + sink;
}
int odd(int n) {
    return n == 0 ? store(n) : even(n - 1) - sink;
}

#define ESP_ERROR_CHECK(x)                                                                   \
    do {                                                                                     \
        const int error = (x);                                                               \
        if (error != 0) _esp_error_check_failed(error, "pairs.cpp", __LINE__, __func__, #x); \
    } while (false)
int open_store() {
    return crash == 0 ? 0 : 0x102;
}
int open_radio() {
    return crash == 0 ? 0 : 0x103;
}
// Where one function checks both, the compiler may call the handler once for both.
[[gnu::noinline]] int start_store() {
    ESP_ERROR_CHECK(open_store());
    return 1;
}
[[gnu::noinline]] int start_radio() {
#ifndef SILENT  // then it is always called with the same
    ESP_ERROR_CHECK(open_radio());
#endif
    return 2;
}

int log_sample(int n) {
    multi_heap_free(stack + 2 * n);
    return n + sink;
}
int send_report(int n) {
    multi_heap_free(stack + n);
    return n - sink;
}

// No `new`, which a compiler may leave out.
int parse_message(int n) {
    return *static_cast<int*>(operator new(4U * n)) + sink;
}
int render_page(int n) {
    return *static_cast<int*>(operator new(8U * n)) - sink;
}

int run(int which) {
    switch (which) {
        case 1:
            return first_of_setup(1);
        case 2:
            return setup(0, 2);
        case 3:
            return setup(1, 3);
        case 4:
            return Ring<4>().push(4);
        case 5:
            return Ring<8>().push(5);
        case 6:
            return even(4);
        case 7:
            return even(9);
        case 8:
            return start_store();
        case 9:
            return start_radio();
        case 10:
            return log_sample(10);
        case 11:
            return send_report(11);
        case 12:
            return parse_message(12);
        case 13:
            return render_page(13);
        case 14:
            return log_sample(10);
        case 15:
            return send_report(11);
        case 16:
            return start_pump(true, 3);
        case 17:
            return start_pump(false, 3);
        default:
            return crash_in_text(which) + crash_in_tasks(which) + crash_in_components(which);
    }
}

}  // namespace

extern "C" __attribute__((used)) int app_main() {
    sink = run(crash);
    return sink;
}
