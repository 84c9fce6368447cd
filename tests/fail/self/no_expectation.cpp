// Any error would do.
#ifndef FIXED
static_assert(sizeof(int) == 0, "layer 5 is too wide");
#endif
