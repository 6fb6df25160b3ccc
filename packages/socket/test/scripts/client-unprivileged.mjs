// In a user namespace that does not own the network namespace: what works without capabilities (K32)?
import { rtLink } from '@lw/codec/families/rt-link';
import { NetlinkClient } from '@lw/socket';
import { print } from './native.mjs';

const RTNLGRP_LINK = 1;
const askedBytes = 64 * 1024 * 1024;
const client = new NetlinkClient({ rcvbufBytes: askedBytes });
const { getlink, newlink } = rtLink.ops;
const refused = await client
  .do(newlink, { attrs: { ifname: 'lo', mtu: 1400 } })
  .catch(({ name, code, message }) => ({ name, code, message }));
let allNsid;
try {
  client.subscribe([RTNLGRP_LINK], { allNsid: true });
} catch ({ name, code, syscall, message }) {
  allNsid = { name, code, syscall, message };
}
const events = client.subscribe([RTNLGRP_LINK]);
events.mark(1);
const { value } = await events.next();
const links = (await client.dump(getlink).collect()).messages.length;
const { rcvbufBytes } = client.stats;
print({ refused, allNsid, mark: value, links, askedBytes, rcvbufBytes });
await client.close();
