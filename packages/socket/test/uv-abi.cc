// Compiled, never linked: our declarations of libuv's functions beside libuv's own.
#include <uv.h>

#include "../native/uv_abi.h"

static_assert(UV_VERSION_MAJOR == 1, "the ABI that uv_abi.h relies on");
static_assert(UV_POLL == 8, "uv_abi.h");
static_assert(UV_READABLE == 1, "uv_abi.h");
static_assert(sizeof(uv_handle_type) == sizeof(int), "an enum of int size, as ours");
