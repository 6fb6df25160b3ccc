#include "poll.h"

#include <cerrno>
#include <unistd.h>

namespace lw {

Poll::Poll(int fd, PollOwner* owner)
    : fd_(fd), owner_(owner), memory_(new char[uv_handle_size(UV_POLL)]) {}

Poll* Poll::Open(napi_env env, int fd, PollOwner* owner) {
  // The loop of this environment: the default loop is the main thread's, a worker has its own.
  uv_loop_t* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) {
    close(fd);
    errno = EINVAL;
    return nullptr;
  }
  Poll* self = new Poll(fd, owner);
  const int result = uv_poll_init(loop, self->poll(), fd);
  if (result != 0) {
    delete self;
    close(fd);
    errno = -result;
    return nullptr;
  }
  uv_handle_set_data(self->handle(), self);
  // Only an asynchronous hook may close a handle at exit: without one a worker aborts on the open
  // handle, and a plain hook has freed it before the loop is done with it (NATIVE 1.7).
  napi_add_async_cleanup_hook(env, OnCleanup, self, &self->hook_);
  return self;
}

int Poll::Start() { return uv_poll_start(poll(), UV_READABLE, OnPoll); }

void Poll::Stop() { uv_poll_stop(poll()); }

void Poll::HoldLoop(bool hold) {
  if (hold) {
    uv_ref(handle());
  } else {
    uv_unref(handle());
  }
}

void Poll::Close() {
  owner_ = nullptr;
  // Closing the handle takes the fd out of epoll at once, so it can be closed here and now, and its
  // port id and queue are given back before the loop turns.
  uv_close(handle(), OnClosed);
  close(fd_);
  fd_ = -1;
}

void Poll::OnPoll(uv_poll_t* handle, int status, int) {
  void* data = uv_handle_get_data(reinterpret_cast<uv_handle_t*>(handle));
  Poll* self = static_cast<Poll*>(data);
  if (self->owner_ != nullptr) self->owner_->OnReadable(status);
}

void Poll::OnClosed(uv_handle_t* handle) {
  Poll* self = static_cast<Poll*>(uv_handle_get_data(handle));
  napi_remove_async_cleanup_hook(self->hook_);
  delete self;
}

void Poll::OnCleanup(napi_async_cleanup_hook_handle, void* data) {
  Poll* self = static_cast<Poll*>(data);
  PollOwner* owner = self->owner_;
  if (owner == nullptr) return;  // already closing: OnClosed removes the hook
  self->Close();
  owner->OnEnvironmentExit();
}

}  // namespace lw
