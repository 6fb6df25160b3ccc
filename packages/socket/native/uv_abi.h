// The few libuv functions that a poll handle needs, with opaque types.
//
// uv.h comes with Node's own headers only, not with node-api-headers, and fetching Node's headers at
// install time is what breaks builds behind proxies. These functions and the number of UV_POLL are part
// of libuv 1.x's stable ABI (sizes are asked for at run time through uv_handle_size), and the node
// executable exports them. test/uv-abi.test.ts compiles this header together with the real uv.h: a
// declaration that differs is a compile error there.
#ifndef LW_UV_ABI_H_
#define LW_UV_ABI_H_

#include <cstddef>

extern "C" {

struct uv_loop_s;
struct uv_handle_s;
struct uv_poll_s;
typedef struct uv_loop_s uv_loop_t;
typedef struct uv_handle_s uv_handle_t;
typedef struct uv_poll_s uv_poll_t;
typedef void (*uv_close_cb)(uv_handle_t* handle);
typedef void (*uv_poll_cb)(uv_poll_t* handle, int status, int events);

#ifndef UV_H
typedef enum { UV_POLL = 8 } uv_handle_type;
enum uv_poll_event { UV_READABLE = 1 };
#endif

size_t uv_handle_size(uv_handle_type type);
void uv_handle_set_data(uv_handle_t* handle, void* data);
void* uv_handle_get_data(const uv_handle_t* handle);
int uv_poll_init(uv_loop_t* loop, uv_poll_t* handle, int fd);
int uv_poll_start(uv_poll_t* handle, int events, uv_poll_cb cb);
int uv_poll_stop(uv_poll_t* handle);
void uv_close(uv_handle_t* handle, uv_close_cb close_cb);
void uv_ref(uv_handle_t* handle);
void uv_unref(uv_handle_t* handle);
}

#endif  // LW_UV_ABI_H_
