// A library that comes without debug information, as Wi-Fi, Bluetooth and codecs do. It is built
// several times, in the ways that vendors build theirs; NAME() tells the builds apart.

#define CONCAT(a, b) a##_##b
#define NAMED(name, build) CONCAT(name, build)
#define NAME(name) NAMED(name, BUILD)

typedef int Done(void *context, int sum);

// Keeps much over the call, and so in registers that it has to save first.
int NAME(send)(Done *done, void *context, const unsigned char *data, int count) {
    int sum = 0, limit = count * 3;
    for (int i = 0; i < count; ++i) {
        sum += data[i];
        if (sum > limit) limit += 7;
    }
    const int result = done(context, sum);
    return result + sum * limit + count;
}

// Its frame is as large as it is told. The way out in the middle has a frame of its own.
int NAME(copy)(Done *done, void *context, const unsigned char *data, int count) {
    if (count < 0) return done(context, count) + 1;
    unsigned char copy[count];
    for (int i = 0; i < count; ++i) copy[i] = data[i];
    const int result = done(context, copy[count - 1]);
    return result + copy[0] + count;
}

// Jumps by a table.
int NAME(dispatch)(Done *done, void *context, const unsigned char *data, int count) {
    char large[3000];
    switch (data[0]) {
        case 0: large[count] = (char)done(context, 1); break;
        case 1: large[count] = 2; return done(context, large[count]) + large[count] + count;
        case 2: large[count] = (char)(done(context, 3) + done(context, 4)); break;
        case 3: return count;
        case 4: large[count] = (char)done(context, data[1]); return large[count] + done(context, 5) + count;
        case 5: large[count] = (char)done(context, data[2]); break;
        default: large[count] = 0;
    }
    return large[count] + count + done(context, 2);
}
