#include "components.hpp"

static int handler(int event) {
    return store(event) + 2;
}

Handler mqtt_event() {
    return handler;
}
