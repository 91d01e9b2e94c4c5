#pragma once

#include "system.hpp"

int codec_decode(int n);
int closed_play(int n);
int closed_record(int n);
using Handler = int (*)(int);
Handler wifi_event();
Handler mqtt_event();
