// Subscriptions on the kernel of a fresh namespace.
import { rtLink } from '@lw/codec/families/rt-link';
import { NetlinkClient } from '@lw/socket';
import { changeAlias, ip, print, takeUntilMark } from './native.mjs';

const RTNLGRP_LINK = 1;
const client = new NetlinkClient();
ip('link add v0 type veth peer name v1');
ip('link set v0 up');

async function take(items, count) {
  const taken = [];
  while (taken.length < count) taken.push((await items.next()).value);
  return taken;
}

// Events that are queued when mark is called stand before the mark, later ones behind it.
const events = client.subscribe([RTNLGRP_LINK]);
changeAlias('v0', 3);
events.mark(1);
changeAlias('v0', 1);
const items = await take(events, 5);
print({
  kinds: items.map((item) => item.kind),
  groups: items.map((item) => item.group ?? null),
  aliases: items.map((item) => item.message?.attrs.ifalias ?? null),
});

// A buffer too small for the storm: told in order, alive, and later events come (K18, K19).
const small = client.subscribe([RTNLGRP_LINK], { rcvbufBytes: 2048 });
changeAlias('v0', 200);
await new Promise((resolve) => setTimeout(resolve, 50));
small.mark(2);
changeAlias('v0', 1);
const storm = await takeUntilMark(small);
const [later] = await take(small, 1);
print({
  first: storm[0],
  kept: storm.filter((item) => item.kind === 'message').length,
  later: later.kind,
  stats: small.stats,
});

// A slow consumer: reading pauses, the kernel keeps what fits and says what did not.
const slow = client.subscribe([RTNLGRP_LINK], { rcvbufBytes: 16384, queueLimit: 10 });
for (let round = 0; round < 40; round++) {
  changeAlias('v0', 5);
  await new Promise((resolve) => setTimeout(resolve, 1));
}
const held = slow.stats.queued;
slow.mark(3);
const seen = await takeUntilMark(slow);
print({ held, overrun: seen.some((item) => item.kind === 'overrun'), seen: seen.length });

// A dump while links come and go is consistent, or says that it is not (K20).
const churn = setInterval(() => {
  ip('link add churn type bridge');
  ip('link del churn');
}, 1);
const results = [];
for (let n = 0; n < 20; n++) results.push(await client.dump(rtLink.ops.getlink).collect());
clearInterval(churn);
print({ consistent: results.filter((result) => !result.interrupted).length });
await client.close();
