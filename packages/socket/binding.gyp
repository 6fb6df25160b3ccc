# For users without a prebuilt binary (node-gyp-build falls back to it). The workspace builds with
# scripts/build-native.mjs. node-addon-api's gyp target is not used on purpose: in a workspace it
# writes outside of this package (nodejs/gyp-next#325), so only its include path is taken.
{
  "targets": [{
    "target_name": "lw_socket",
    "sources": ["native/netlink_socket.cc", "native/poll.cc", "native/receive_batch.cc"],
    "include_dirs": ["<!@(node -p \"require('node-addon-api').include\")"],
    "defines": ["NAPI_VERSION=8", "NAPI_DISABLE_CPP_EXCEPTIONS", "NODE_ADDON_API_DISABLE_DEPRECATED"],
    "cflags_cc": ["-std=c++17", "-fno-exceptions", "-fvisibility=hidden", "-Wall", "-Wextra"]
  }]
}
