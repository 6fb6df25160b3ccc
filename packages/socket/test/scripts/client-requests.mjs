// A client on the kernel of a fresh namespace: requests, refusals and dumps, each told as one line.
import { execFileSync } from 'node:child_process';
import { NLM_F_CREATE, NLM_F_EXCL } from '@lw/codec';
import { rtLink } from '@lw/codec/families/rt-link';
import { NetlinkClient } from '@lw/socket';
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
const got = await told(client.do(getlink, { attrs: { ifname: 'made' } }));
print({ created, again, mtu, got: got.value?.map((reply) => reply.attrs.ifname) });

for (let n = 0; n < 60; n++) ip(`link add b${n} type bridge`);
const { messages, interrupted } = await client.dump(getlink).collect();
const streamed = await client.dump(getlink, { stream: true }).collect();
const byIp = JSON.parse(execFileSync('ip', ['-j', 'link'], { encoding: 'utf8' }));
print({
  interrupted,
  same: messages.every((message, n) => message.attrs.ifname === byIp[n].ifname),
  counts: [messages.length, streamed.messages.length, byIp.length],
});

const pipelined = Array.from({ length: 60 }, (_, n) =>
  client.do(dellink, { attrs: { ifname: `b${n}` } }),
);
await Promise.all([...pipelined, client.dump(getlink).collect(), client.dump(getlink).collect()]);
print({ left: (await client.dump(getlink).collect()).messages.length, stats: client.stats });
// Not closed: an idle client does not keep the process alive.
