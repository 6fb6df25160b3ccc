// A client on the kernel of a fresh namespace: requests, refusals and dumps, each told as one line.
import { execFileSync } from 'node:child_process';
import { NLM_F_CREATE, NLM_F_EXCL } from '@lw/codec';
import { rtLink } from '@lw/codec/families/rt-link';
import { NetlinkClient, openKernelTransport } from '@lw/socket';
import { ip, print } from './native.mjs';

const { getlink, newlink, dellink } = rtLink.ops;
const client = new NetlinkClient();

async function told(call) {
  try {
    return { value: await call };
  } catch ({ name, code, errno, message, extack }) {
    return { name, code, errno, message, extack };
  }
}

const veth = { ifname: 'made', linkinfo: { kind: 'veth' } };
const created = await told(client.do(newlink, { attrs: veth, flags: NLM_F_CREATE | NLM_F_EXCL }));
const again = await told(client.do(newlink, { attrs: veth, flags: NLM_F_CREATE | NLM_F_EXCL }));
const mtu = await told(client.do(newlink, { attrs: { ifname: 'made', mtu: 70_000 } }));
const vxlan = { ifname: 'vx', linkinfo: { kind: 'vxlan', data: { id: 2 ** 24 } } };
const path = await told(client.do(newlink, { attrs: vxlan, flags: NLM_F_CREATE }));
const got = await told(client.do(getlink, { attrs: { ifname: 'made' } }));
print({ created, again, mtu, path, got: got.value?.map((reply) => reply.attrs.ifname) });

for (let n = 0; n < 60; n++) ip(`link add b${n} type bridge`);
const { messages, interrupted } = await client.dump(getlink).collect();
const streamed = await client.dump(getlink, { stream: true }).collect();
const byIp = JSON.parse(execFileSync('ip', ['-j', 'link'], { encoding: 'utf8' }));
print({
  interrupted,
  same: messages.every((message, n) => message.attrs.ifname === byIp[n].ifname),
  counts: [messages.length, streamed.messages.length, byIp.length],
});

// A dump that is given up goes on in the kernel: the next one is refused until that has been read (K23).
const small = new NetlinkClient({
  openTransport: (options) =>
    openKernelTransport({ ...options, receiveBytes: 4096, slabBytes: 4096, allowCuts: true }),
});
const controller = new AbortController();
const given = small.dump(getlink, { signal: controller.signal }).collect();
await new Promise(setImmediate); // sent, and read in part
controller.abort();
const error = await given.catch((reason) => reason.name);
const { messages: after, attempts } = await small.dump(getlink).collect();
print({ error, attempts, count: after.length, late: small.stats.late });
await small.close();

const pipelined = Array.from({ length: 60 }, (_, n) =>
  client.do(dellink, { attrs: { ifname: `b${n}` } }),
);
await Promise.all([...pipelined, client.dump(getlink).collect(), client.dump(getlink).collect()]);
print({ left: (await client.dump(getlink).collect()).messages.length, stats: client.stats });
// Not closed: an idle client does not keep the process alive.
