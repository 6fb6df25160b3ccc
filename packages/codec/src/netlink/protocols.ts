/** Protocol families of AF_NETLINK, `<linux/netlink.h>`; the historical ones with the numbers they had. */
export const NETLINK_ROUTE = 0;
/** Unused since 2.6.13; NETLINK_SKIP had this number until then. */
export const NETLINK_UNUSED = 1;
export const NETLINK_SKIP = 1;
/** 1-wire of 2.6 kernels, before it moved to the connector. */
export const NETLINK_W1 = 1;
export const NETLINK_USERSOCK = 2;
/** ip_queue, removed in 3.5. */
export const NETLINK_FIREWALL = 3;
export const NETLINK_SOCK_DIAG = 4;
export const NETLINK_INET_DIAG = 4;
/** TCP diagnostics of 2.4 and early 2.6 kernels. */
export const NETLINK_TCPDIAG = 4;
export const NETLINK_NFLOG = 5;
export const NETLINK_XFRM = 6;
export const NETLINK_SELINUX = 7;
export const NETLINK_ISCSI = 8;
/** User-space ARP daemon of 2.4 kernels. */
export const NETLINK_ARPD = 8;
export const NETLINK_AUDIT = 9;
export const NETLINK_FIB_LOOKUP = 10;
export const NETLINK_CONNECTOR = 11;
/** IPv6 routing messages of 2.2 kernels; RTNETLINK carries them now. */
export const NETLINK_ROUTE6 = 11;
export const NETLINK_NETFILTER = 12;
/** ip6_queue, removed in 3.5. */
export const NETLINK_IP6_FW = 13;
export const NETLINK_DNRTMSG = 14;
export const NETLINK_KOBJECT_UEVENT = 15;
export const NETLINK_GENERIC = 16;
/** 16 to 31 were ethertap devices before 2.6.  */
export const NETLINK_TAPBASE = 16;
export const NETLINK_SCSITRANSPORT = 18;
export const NETLINK_ECRYPTFS = 19;
export const NETLINK_RDMA = 20;
export const NETLINK_CRYPTO = 21;
export const NETLINK_SMC = 22;

/** Names of today's protocol families, as `lw decode --protocol` takes them. */
export const protocolNames: ReadonlyMap<number, string> = /* @__PURE__ */ new Map([
  [NETLINK_ROUTE, 'route'],
  [NETLINK_USERSOCK, 'usersock'],
  [NETLINK_FIREWALL, 'firewall'],
  [NETLINK_SOCK_DIAG, 'sock-diag'],
  [NETLINK_NFLOG, 'nflog'],
  [NETLINK_XFRM, 'xfrm'],
  [NETLINK_SELINUX, 'selinux'],
  [NETLINK_ISCSI, 'iscsi'],
  [NETLINK_AUDIT, 'audit'],
  [NETLINK_FIB_LOOKUP, 'fib-lookup'],
  [NETLINK_CONNECTOR, 'connector'],
  [NETLINK_NETFILTER, 'netfilter'],
  [NETLINK_IP6_FW, 'ip6-fw'],
  [NETLINK_DNRTMSG, 'dnrtmsg'],
  [NETLINK_KOBJECT_UEVENT, 'kobject-uevent'],
  [NETLINK_GENERIC, 'generic'],
  [NETLINK_SCSITRANSPORT, 'scsitransport'],
  [NETLINK_ECRYPTFS, 'ecryptfs'],
  [NETLINK_RDMA, 'rdma'],
  [NETLINK_CRYPTO, 'crypto'],
  [NETLINK_SMC, 'smc'],
]);
