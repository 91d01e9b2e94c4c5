// Calls every build of library.c through its own functions, one from within the other, until one
// stores to the null page.

typedef int Done(void *context, int sum);
#define LIBRARY(build)                                                      \
    int send_##build(Done *, void *, const unsigned char *, int);           \
    int copy_##build(Done *, void *, const unsigned char *, int);           \
    int dispatch_##build(Done *, void *, const unsigned char *, int);
LIBRARY(debug)
LIBRARY(fast)
LIBRARY(small)
LIBRARY(pointer)

struct connection { int id; unsigned retries; };
static volatile int sink;
static const unsigned char kData[] = {1, 7, 9, 12};

// Each step is a function with arguments and a local variable, which live in saved registers.
#define STEP(name, call, next, n)                                                      \
    static int next(void *context, int sum);                                           \
    __attribute__((noinline)) static int name(void *context, int sum) {                \
        struct connection *const connection = context;                                 \
        const int before = sink + n;                                                   \
        const int result = call(next, connection, kData, (int)sizeof kData);           \
        sink = result + before + sum + connection->id;                                 \
        return result - sum;                                                           \
    }

STEP(step1, send_debug, step2, 1)
STEP(step2, copy_debug, step3, 2)
STEP(step3, dispatch_debug, step4, 3)
STEP(step4, send_fast, step5, 4)
STEP(step5, copy_fast, step6, 5)
STEP(step6, dispatch_fast, step7, 6)
STEP(step7, send_small, step8, 7)
STEP(step8, copy_small, step9, 8)
STEP(step9, dispatch_small, step10, 9)
STEP(step10, send_pointer, step11, 10)
STEP(step11, copy_pointer, step12, 11)
STEP(step12, dispatch_pointer, done, 12)

__attribute__((noinline)) static int done(void *context, int sum) {
    struct connection *const connection = context;
    *(volatile int *)connection->retries = sum;
    sink = sink + 1;
    return connection->id;
}

void app_main(void) {
    struct connection connection = {7, 4};
    sink = step1(&connection, 33);
}

char stack[16384] __attribute__((aligned(16)));

__asm__(".global _start\n.type _start, @function\n_start:\n"
        ".cfi_startproc\n.cfi_undefined ra\n"
        "la sp, stack + 16384\ncall app_main\nebreak\n"
        ".cfi_endproc\n.size _start, . - _start\n");
