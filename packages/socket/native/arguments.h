// Between JavaScript's values and the C++ of the socket.
#ifndef LW_ARGUMENTS_H_
#define LW_ARGUMENTS_H_

#include <napi.h>

#include <cstring>

namespace lw {

// TypeScript (src/syscall-error.ts) gives it its class and its words.
inline void ThrowErrno(Napi::Env env, int error_number, const char* syscall) {
  Napi::Error error = Napi::Error::New(env, std::strerror(error_number));
  error.Value().Set("errno", Napi::Number::New(env, error_number));
  error.Value().Set("syscall", Napi::String::New(env, syscall));
  error.ThrowAsJavaScriptException();
}

inline int32_t IntArgument(const Napi::CallbackInfo& info, size_t index) {
  return info[index].IsNumber() ? info[index].As<Napi::Number>().Int32Value() : 0;
}

inline bool IsTyped(const Napi::Value& value, napi_typedarray_type type) {
  return value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == type;
}

// Data and bytes of a typed array now: a buffer that JavaScript has transferred away has none.
inline bool FindBytes(napi_env env, napi_value array, void** data, size_t* length, size_t element_bytes) {
  size_t elements = 0;
  if (napi_get_typedarray_info(env, array, nullptr, &elements, data, nullptr, nullptr) != napi_ok) {
    return false;
  }
  *length = elements * element_bytes;
  return *data != nullptr && elements > 0;
}

}  // namespace lw

#endif  // LW_ARGUMENTS_H_
