#include "netlink_socket.h"

#include <cerrno>
#include <linux/netlink.h>
#include <sys/socket.h>

#include "arguments.h"

namespace lw {

Napi::Function NetlinkSocket::Define(Napi::Env env) {
  return DefineClass(env, "NetlinkSocket",
                     {
                         InstanceMethod<&NetlinkSocket::Bind>("bind"),
                         InstanceMethod<&NetlinkSocket::SetOption>("setOption"),
                         InstanceMethod<&NetlinkSocket::GetOption>("getOption"),
                         InstanceMethod<&NetlinkSocket::SetBuffers>("setBuffers"),
                         InstanceMethod<&NetlinkSocket::AcceptForeign>("acceptForeign"),
                         InstanceMethod<&NetlinkSocket::Send>("send"),
                         InstanceMethod<&NetlinkSocket::Receive>("receive"),
                         InstanceMethod<&NetlinkSocket::Start>("start"),
                         InstanceMethod<&NetlinkSocket::Stop>("stop"),
                         InstanceMethod<&NetlinkSocket::HoldLoop>("holdLoop"),
                         InstanceMethod<&NetlinkSocket::Stats>("stats"),
                         InstanceMethod<&NetlinkSocket::Close>("close"),
                         InstanceAccessor<&NetlinkSocket::Drained>("drained"),
                         InstanceAccessor<&NetlinkSocket::Closed>("closed"),
                     });
}

NetlinkSocket::NetlinkSocket(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<NetlinkSocket>(info) {
  Napi::Env env = info.Env();
  const int flags = SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK;
  const int fd = socket(AF_NETLINK, flags, IntArgument(info, 0));
  if (fd < 0) {
    ThrowErrno(env, errno, "socket");
    return;
  }
  poll_ = Poll::Open(env, fd, this);
  if (poll_ == nullptr) {
    ThrowErrno(env, errno, "uv_poll_init");
    return;
  }
  // Batches run in the async context of whoever opened the socket (async_hooks, AsyncLocalStorage).
  context_ = std::make_unique<Napi::AsyncContext>(env, "LW_NETLINK_SOCKET", info.This().As<Napi::Object>());
}

NetlinkSocket::~NetlinkSocket() {
  if (poll_ != nullptr) poll_->Close();
}

// bind() -> the port id that the kernel chose (K30).
Napi::Value NetlinkSocket::Bind(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (ThrowIfClosed(env, "bind")) return env.Undefined();
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  socklen_t length = sizeof(address);
  if (bind(poll_->fd(), reinterpret_cast<sockaddr*>(&address), length) != 0) {
    ThrowErrno(env, errno, "bind");
    return env.Undefined();
  }
  if (getsockname(poll_->fd(), reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    ThrowErrno(env, errno, "getsockname");
    return env.Undefined();
  }
  return Napi::Number::New(env, address.nl_pid);
}

// setOption(level, option, value)
Napi::Value NetlinkSocket::SetOption(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (ThrowIfClosed(env, "setsockopt")) return env.Undefined();
  const int value = IntArgument(info, 2);
  const int level = IntArgument(info, 0);
  if (setsockopt(poll_->fd(), level, IntArgument(info, 1), &value, sizeof(value)) != 0) {
    ThrowErrno(env, errno, "setsockopt");
  }
  return env.Undefined();
}

// getOption(level, option) -> number
Napi::Value NetlinkSocket::GetOption(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (ThrowIfClosed(env, "getsockopt")) return env.Undefined();
  int value = 0;
  socklen_t length = sizeof(value);
  const int level = IntArgument(info, 0);
  if (getsockopt(poll_->fd(), level, IntArgument(info, 1), &value, &length) != 0) {
    ThrowErrno(env, errno, "getsockopt");
    return env.Undefined();
  }
  return Napi::Number::New(env, value);
}

// setBuffers(slab, records, receiveBytes)
Napi::Value NetlinkSocket::SetBuffers(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (!IsTyped(info[0], napi_uint8_array) || !IsTyped(info[1], napi_int32_array)) {
    Napi::TypeError::New(env, "setBuffers takes a Uint8Array and an Int32Array")
        .ThrowAsJavaScriptException();
    return env.Undefined();
  }
  const int32_t receive_bytes = IntArgument(info, 2);
  if (receive_bytes < 1) {
    Napi::RangeError::New(env, "setBuffers takes at least 1 byte to receive").ThrowAsJavaScriptException();
    return env.Undefined();
  }
  slab_ = Napi::Persistent(info[0].As<Napi::Uint8Array>());
  records_ = Napi::Persistent(info[1].As<Napi::Int32Array>());
  options_.receive_bytes = static_cast<size_t>(receive_bytes);
  return env.Undefined();
}

// acceptForeign(accept): deliver what other processes send, instead of counting it (K25).
Napi::Value NetlinkSocket::AcceptForeign(const Napi::CallbackInfo& info) {
  options_.accept_foreign = info[0].ToBoolean();
  return info.Env().Undefined();
}

// send(bytes, receive) -> records in the buffers. The kernel has answered before sendto returns, so the
// caller can read the answer here and now instead of after a turn of the loop.
Napi::Value NetlinkSocket::Send(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (ThrowIfClosed(env, "sendto")) return env.Undefined();
  if (!IsTyped(info[0], napi_uint8_array)) {
    Napi::TypeError::New(env, "send takes a Uint8Array").ThrowAsJavaScriptException();
    return env.Undefined();
  }
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  Napi::Uint8Array bytes = info[0].As<Napi::Uint8Array>();
  ssize_t sent = 0;
  do {
    sent = sendto(poll_->fd(), bytes.Data(), bytes.ByteLength(), MSG_DONTWAIT,
                  reinterpret_cast<sockaddr*>(&kernel), sizeof(kernel));
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) {
    ThrowErrno(env, errno, "sendto");
    return env.Undefined();
  }
  const size_t count = info[1].ToBoolean() ? Fill().count : 0;
  return Napi::Number::New(env, static_cast<double>(count));
}

// receive() -> records in the buffers; `drained` says whether the kernel had nothing more.
Napi::Value NetlinkSocket::Receive(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (ThrowIfClosed(env, "recvmsg")) return env.Undefined();
  return Napi::Number::New(env, static_cast<double>(Fill().count));
}

Napi::Value NetlinkSocket::Start(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (ThrowIfClosed(env, "uv_poll_start")) return env.Undefined();
  if (reading_) return env.Undefined();
  const int result = poll_->Start();
  if (result != 0) {
    ThrowErrno(env, -result, "uv_poll_start");
    return env.Undefined();
  }
  reading_ = true;
  Ref();  // a socket that reads is in use even when JavaScript has let go of it
  return env.Undefined();
}

Napi::Value NetlinkSocket::Stop(const Napi::CallbackInfo& info) {
  if (poll_ != nullptr) StopReading();
  return info.Env().Undefined();
}

// holdLoop(hold): whether reading keeps the process alive.
Napi::Value NetlinkSocket::HoldLoop(const Napi::CallbackInfo& info) {
  if (poll_ != nullptr) poll_->HoldLoop(info[0].ToBoolean());
  return info.Env().Undefined();
}

Napi::Value NetlinkSocket::Stats(const Napi::CallbackInfo& info) {
  Napi::Object stats = Napi::Object::New(info.Env());
  stats.Set("received", counters_.received);
  stats.Set("receivedBytes", counters_.bytes);
  stats.Set("foreign", counters_.foreign);
  stats.Set("truncated", counters_.truncated);
  stats.Set("overruns", counters_.overruns);
  const int64_t drops = poll_ == nullptr ? -1 : KernelDrops(poll_->fd());
  if (drops >= 0) stats.Set("dropped", static_cast<double>(drops));
  return stats;
}

Napi::Value NetlinkSocket::Close(const Napi::CallbackInfo& info) {
  CloseNow();
  return info.Env().Undefined();
}

Napi::Value NetlinkSocket::Drained(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), drained_);
}

Napi::Value NetlinkSocket::Closed(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), poll_ == nullptr);
}

void NetlinkSocket::OnReadable(int status) {
  Napi::HandleScope scope(Env());
  Ref();  // JavaScript may close us, and drop us, while we stand in this function
  const Batch batch = Fill();
  if (batch.failed) StopReading();  // a broken descriptor would wake the loop for ever
  if (batch.count > 0) Deliver(batch.count);
  // On POLLERR libuv has stopped the handle. Reading collected the error (ENOBUFS); without a new start
  // nothing would ever come again (K19).
  if (status < 0 && poll_ != nullptr && reading_) poll_->Start();
  Unref();
}

void NetlinkSocket::OnEnvironmentExit() {
  poll_ = nullptr;
  reading_ = false;
}

bool NetlinkSocket::ThrowIfClosed(Napi::Env env, const char* syscall) const {
  if (poll_ != nullptr) return false;
  ThrowErrno(env, EBADF, syscall);
  return true;
}

bool NetlinkSocket::FindSlab(Slab* slab) const {
  if (slab_.IsEmpty() || records_.IsEmpty()) return false;
  void* bytes = nullptr;
  void* records = nullptr;
  size_t records_bytes = 0;
  if (!FindBytes(Env(), slab_.Value(), &bytes, &slab->bytes_length, sizeof(uint8_t))) return false;
  if (!FindBytes(Env(), records_.Value(), &records, &records_bytes, sizeof(int32_t))) return false;
  slab->bytes = static_cast<uint8_t*>(bytes);
  slab->records = static_cast<Record*>(records);
  slab->records_length = records_bytes / sizeof(Record);
  return true;
}

Batch NetlinkSocket::Fill() {
  Slab slab{};
  if (!FindSlab(&slab)) return Batch{};
  const Batch batch = ReceiveBatch(poll_->fd(), slab, options_, &counters_);
  drained_ = batch.drained;
  return batch;
}

// Calls this.onBatch(count) as Node calls its own callbacks: inside the async context, with promises and
// ticks run at the end. An exception is the program's uncaught exception, not ours to swallow.
void NetlinkSocket::Deliver(size_t count) {
  Napi::Env env = Env();
  Napi::CallbackScope scope(env, *context_);
  napi_value self = Value();
  napi_value method = nullptr;
  napi_value argument = Napi::Number::New(env, static_cast<double>(count));
  if (napi_get_named_property(env, self, "onBatch", &method) == napi_ok) {
    napi_call_function(env, self, method, 1, &argument, nullptr);
  }
  bool pending = false;
  if (napi_is_exception_pending(env, &pending) != napi_ok || !pending) return;
  napi_value error = nullptr;
  if (napi_get_and_clear_last_exception(env, &error) == napi_ok) napi_fatal_exception(env, error);
}

void NetlinkSocket::StopReading() {
  if (!reading_) return;
  reading_ = false;
  poll_->Stop();
  Unref();
}

void NetlinkSocket::CloseNow() {
  if (poll_ == nullptr) return;
  StopReading();
  poll_->Close();
  poll_ = nullptr;
}

}  // namespace lw

namespace {

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("NetlinkSocket", lw::NetlinkSocket::Define(env));
  return exports;
}

}  // namespace

NODE_API_MODULE(lw_socket, Init)
