// A file descriptor and its poll handle on the loop of one environment (main thread or worker).
#ifndef LW_POLL_H_
#define LW_POLL_H_

#include <node_api.h>

#include <memory>

#include "uv_abi.h"

namespace lw {

// What a Poll reports to. It must outlive the Poll or call Poll::Close first.
class PollOwner {
 public:
  // The descriptor can be read; status < 0 when libuv saw POLLERR and has stopped polling (K19).
  virtual void OnReadable(int status) = 0;
  // The environment goes down and has closed the descriptor; no JavaScript may run any more.
  virtual void OnEnvironmentExit() = 0;

 protected:
  ~PollOwner() = default;
};

// Owns the fd from Open to Close, and itself from Close until the loop has let go of the handle.
class Poll {
 public:
  // Takes over fd in any case. Returns nullptr and sets errno when the loop refuses it.
  static Poll* Open(napi_env env, int fd, PollOwner* owner);

  int fd() const { return fd_; }
  // 0 or a negative errno. Starting again after an error is allowed and needed (K19).
  int Start();
  void Stop();
  // Whether polling keeps the process alive.
  void HoldLoop(bool hold);
  // Closes the fd now and deletes this object when the loop is done with the handle.
  void Close();

 private:
  Poll(int fd, PollOwner* owner);
  ~Poll() = default;
  Poll(const Poll&) = delete;
  Poll& operator=(const Poll&) = delete;

  uv_poll_t* poll() { return reinterpret_cast<uv_poll_t*>(memory_.get()); }
  uv_handle_t* handle() { return reinterpret_cast<uv_handle_t*>(memory_.get()); }
  static void OnPoll(uv_poll_t* handle, int status, int events);
  static void OnClosed(uv_handle_t* handle);
  static void OnCleanup(napi_async_cleanup_hook_handle hook, void* data);

  int fd_;
  PollOwner* owner_;
  std::unique_ptr<char[]> memory_;  // a uv_poll_t; only libuv knows how large
  napi_async_cleanup_hook_handle hook_ = nullptr;
};

}  // namespace lw

#endif  // LW_POLL_H_
