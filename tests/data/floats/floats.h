// What the sources of the program of floats share.
#pragma once

#define FLOATS float a, float b, float c, float d, float e, float f, float g, float h

extern volatile int sink;

float fault(float k, int n);
float inner(FLOATS, int n);
