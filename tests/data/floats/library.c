// In one build of the program of floats it comes without call frame information.

#include "floats.h"

__attribute__((noipa)) float inner(FLOATS, int n) {
    float inside = fault(a + h, n + 1);
    sink = n;
    return inside + a * b + c * d + e * f + g * h;
}
