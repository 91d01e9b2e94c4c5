#include "components.hpp"

static int handler(int event) {
    return store(event) + 1;
}

Handler wifi_event() {
    return handler;
}
