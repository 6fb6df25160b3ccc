// The class that JavaScript sees: one netlink socket on the loop of its environment.
#ifndef LW_NETLINK_SOCKET_H_
#define LW_NETLINK_SOCKET_H_

#include <napi.h>

#include <memory>

#include "poll.h"
#include "receive_batch.h"

namespace lw {

// Mechanism only: policy (which options, how large the buffers, what a message means) is TypeScript's.
// src/native-binding.ts documents the methods. Failing system calls throw an Error with `errno` and
// `syscall`, which TypeScript turns into a SyscallError.
class NetlinkSocket : public Napi::ObjectWrap<NetlinkSocket>, private PollOwner {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit NetlinkSocket(const Napi::CallbackInfo& info);
  ~NetlinkSocket() override;

 private:
  Napi::Value Bind(const Napi::CallbackInfo& info);
  Napi::Value SetOption(const Napi::CallbackInfo& info);
  Napi::Value GetOption(const Napi::CallbackInfo& info);
  Napi::Value SetBuffers(const Napi::CallbackInfo& info);
  Napi::Value AcceptForeign(const Napi::CallbackInfo& info);
  Napi::Value Send(const Napi::CallbackInfo& info);
  Napi::Value Receive(const Napi::CallbackInfo& info);
  Napi::Value Start(const Napi::CallbackInfo& info);
  Napi::Value Stop(const Napi::CallbackInfo& info);
  Napi::Value HoldLoop(const Napi::CallbackInfo& info);
  Napi::Value Stats(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);
  Napi::Value Drained(const Napi::CallbackInfo& info);
  Napi::Value Closed(const Napi::CallbackInfo& info);

  void OnReadable(int status) override;
  void OnEnvironmentExit() override;

  bool ThrowIfClosed(Napi::Env env, const char* syscall) const;
  bool FindSlab(Slab* slab) const;
  Batch Fill();
  void Deliver(size_t count);
  void StopReading();
  void CloseNow();

  Poll* poll_ = nullptr;  // nullptr once closed
  bool reading_ = false;
  bool drained_ = true;
  ReceiveOptions options_{0, false};
  Counters counters_;
  Napi::Reference<Napi::Uint8Array> slab_;
  Napi::Reference<Napi::Int32Array> records_;
  std::unique_ptr<Napi::AsyncContext> context_;
};

}  // namespace lw

#endif  // LW_NETLINK_SOCKET_H_
