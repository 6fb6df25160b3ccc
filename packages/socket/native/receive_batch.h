// Reads many datagrams of a netlink socket into one slab, described by records.
#ifndef LW_RECEIVE_BATCH_H_
#define LW_RECEIVE_BATCH_H_

#include <cstddef>
#include <cstdint>

namespace lw {

// One row of the Int32Array that JavaScript reads; src/datagram-batch.ts names the same columns.
struct Record {
  int32_t offset;   // of the datagram in the slab, a multiple of 8
  int32_t length;   // bytes that stand in the slab
  int32_t port_id;  // sender's nl_pid
  int32_t group;    // multicast group, 0 for unicast or without NETLINK_PKTINFO
  int32_t nsid;     // namespace id, -1 for our own or without NETLINK_LISTEN_ALL_NSID
  int32_t flags;    // RecordFlag
  int32_t detail;   // kTruncated: the datagram's true length; kOverrun: drops so far; kFailed: errno
};
constexpr size_t kRecordColumns = 7;
static_assert(sizeof(Record) == kRecordColumns * sizeof(int32_t), "JavaScript counts in int32");

enum RecordFlag : int32_t {
  kTruncated = 1,  // the slab held too little: never decode (K26)
  kOverrun = 2,    // the kernel dropped messages here (K18); no bytes
  kFailed = 4,     // the socket can not be read any more; no bytes
};

struct Slab {
  uint8_t* bytes;
  size_t bytes_length;
  Record* records;
  size_t records_length;
};

struct ReceiveOptions {
  size_t receive_bytes;  // every recvmsg is offered at least this much (K26)
  bool accept_foreign;   // deliver datagrams of other processes (K25)
};

// Totals over the socket's life.
struct Counters {
  double received = 0;   // datagrams handed over, cut ones included
  double bytes = 0;      // of these datagrams
  double foreign = 0;    // datagrams dropped because another process sent them (K25)
  double truncated = 0;  // datagrams that did not fit
  double overruns = 0;   // times that the kernel said ENOBUFS
};

struct Batch {
  size_t count = 0;
  bool drained = false;  // the kernel had nothing more at the end
  bool failed = false;   // the last record is kFailed
};

// Fills the slab once: until the kernel has nothing more, or either buffer is full. Never blocks.
Batch ReceiveBatch(int fd, const Slab& slab, const ReceiveOptions& options, Counters* counters);

// Messages that the kernel has dropped on this socket (SK_MEMINFO_DROPS), or -1 when it does not say.
int64_t KernelDrops(int fd);

}  // namespace lw

#endif  // LW_RECEIVE_BATCH_H_
