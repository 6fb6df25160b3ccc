#include "receive_batch.h"

#include <cerrno>
#include <cstring>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

// Newer than some C libraries' headers; the numbers are kernel ABI (asm-generic/socket.h).
#ifndef SO_MEMINFO
#define SO_MEMINFO 55
#endif

namespace lw {
namespace {

constexpr size_t kAlignment = 8;      // so that 64-bit values can be read through typed arrays
constexpr size_t kControlBytes = 128; // two int-sized control messages need 48

struct Received {
  ssize_t length;  // true length, or -1 with errno
  bool truncated;
  uint32_t port_id;
  int32_t group;
  int32_t nsid;
};

void ReadControl(msghdr* header, Received* received) {
  for (cmsghdr* c = CMSG_FIRSTHDR(header); c != nullptr; c = CMSG_NXTHDR(header, c)) {
    if (c->cmsg_level != SOL_NETLINK) continue;
    int32_t value = 0;  // struct nl_pktinfo { __u32 group; } and the nsid are both one int
    std::memcpy(&value, CMSG_DATA(c), sizeof(value));
    if (c->cmsg_type == NETLINK_PKTINFO) received->group = value;
    if (c->cmsg_type == NETLINK_LISTEN_ALL_NSID) received->nsid = value;
  }
}

Received ReceiveOne(int fd, uint8_t* bytes, size_t length) {
  sockaddr_nl sender{};
  alignas(cmsghdr) char control[kControlBytes];
  iovec vector{bytes, length};
  msghdr header{};
  header.msg_name = &sender;
  header.msg_namelen = sizeof(sender);
  header.msg_iov = &vector;
  header.msg_iovlen = 1;
  header.msg_control = control;
  header.msg_controllen = sizeof(control);
  Received received{};
  received.nsid = -1;
  do {
    received.length = recvmsg(fd, &header, MSG_DONTWAIT | MSG_TRUNC);
  } while (received.length < 0 && errno == EINTR);
  if (received.length < 0) return received;
  received.truncated = (header.msg_flags & MSG_TRUNC) != 0;
  received.port_id = sender.nl_pid;
  ReadControl(&header, &received);
  return received;
}

Record NoticeRecord(RecordFlag flag, int32_t detail) {
  return Record{0, 0, 0, 0, -1, flag, detail};
}

Record DatagramRecord(const Received& received, size_t offset, size_t offered) {
  Record record{};
  record.offset = static_cast<int32_t>(offset);
  record.length = static_cast<int32_t>(received.truncated ? offered : received.length);
  record.port_id = static_cast<int32_t>(received.port_id);
  record.group = received.group;
  record.nsid = received.nsid;
  record.flags = received.truncated ? kTruncated : 0;
  record.detail = received.truncated ? static_cast<int32_t>(received.length) : 0;
  return record;
}

size_t Align(size_t length) { return (length + kAlignment - 1) & ~(kAlignment - 1); }

}  // namespace

Batch ReceiveBatch(int fd, const Slab& slab, const ReceiveOptions& options, Counters* counters) {
  Batch batch;
  size_t offset = 0;
  // Foreign datagrams make no record, so reads are limited apart: a flood of them must not hold the loop.
  for (size_t reads = 0; reads < slab.records_length; reads++) {
    // Aligning may have stepped past the end of a slab whose length is no multiple of 8.
    if (offset > slab.bytes_length || slab.bytes_length - offset < options.receive_bytes) return batch;
    const size_t offered = slab.bytes_length - offset;
    const Received received = ReceiveOne(fd, slab.bytes + offset, offered);
    if (received.length < 0) {
      if (errno == EAGAIN || errno == EWOULDBLOCK) {
        batch.drained = true;
        return batch;
      }
      if (errno == ENOBUFS) {
        // Comes before the older messages that are still queued (K18): note it and read on.
        counters->overruns++;
        const int64_t drops = KernelDrops(fd);
        slab.records[batch.count++] = NoticeRecord(kOverrun, static_cast<int32_t>(drops));
        continue;
      }
      slab.records[batch.count++] = NoticeRecord(kFailed, errno);
      batch.failed = true;
      return batch;
    }
    if (received.port_id != 0 && !options.accept_foreign) {
      counters->foreign++;
      continue;
    }
    const Record record = DatagramRecord(received, offset, offered);
    slab.records[batch.count++] = record;
    counters->received++;
    counters->bytes += record.length;
    if (received.truncated) counters->truncated++;
    offset = Align(offset + static_cast<size_t>(record.length));
  }
  return batch;
}

int64_t KernelDrops(int fd) {
  uint32_t memory[SK_MEMINFO_VARS] = {};
  socklen_t length = sizeof(memory);
  if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, memory, &length) != 0) return -1;
  if (length <= SK_MEMINFO_DROPS * sizeof(uint32_t)) return -1;
  return memory[SK_MEMINFO_DROPS];
}

}  // namespace lw
