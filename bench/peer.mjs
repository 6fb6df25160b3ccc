// peer.mjs dump link|route objects|stream|json [iterations] | events link|route quiet|lat|lines | mirror link|route
//
// Our row in the tables of ../shared/bench: the same modes and the same output as its other peers. It uses the
// packages as a user gets them (dist), and decodes every attribute to objects; nothing is skipped for speed.
import { writeSync } from 'node:fs';
import { rtLink } from '@lw/codec/families/rt-link';
import { rtRoute } from '@lw/codec/families/rt-route';
import { NetlinkClient } from '@lw/socket';

const kinds = {
  link: {
    group: 1, // RTNLGRP_LINK
    remove: 'dellink',
    dump: (client, options) => client.dump(rtLink.ops.getlink, options),
    key: ({ header }) => header.ifiIndex,
  },
  route: {
    group: 7, // RTNLGRP_IPV4_ROUTE
    remove: 'delroute',
    dump: (client, options) =>
      client.dump(rtRoute.ops.getroute, { header: { rtmFamily: 2 }, ...options }), // AF_INET
    key: ({ header, attrs }) =>
      `${attrs.table}/${attrs.dst}/${header.rtmDstLen}/${header.rtmTos}/${attrs.priority}`,
  },
};

/** Events told, not written yet. */
let lines = [];

const [command, kindName, mode, iterations = '1'] = process.argv.slice(2);
const kind = kinds[kindName];
const run = { dump, events, mirror }[command];
if (kind === undefined || run === undefined) {
  console.error('usage: peer.mjs dump|events|mirror link|route [MODE] [ITERATIONS]');
  process.exit(2);
}
await run();

async function dump() {
  const ms = [];
  let messages = [];
  let count = 0;
  for (let i = 0; i < Number(iterations); i++) {
    const began = process.hrtime.bigint();
    const client = new NetlinkClient();
    if (mode === 'stream') count = await countStreamed(kind.dump(client, { stream: true }));
    else {
      ({ messages } = await kind.dump(client).collect());
      count = messages.length;
    }
    ms.push(Number(process.hrtime.bigint() - began) / 1e6);
    await client.close();
  }
  if (mode === 'json') process.stdout.write(`${JSON.stringify(messages, plain)}\n`);
  else console.log(JSON.stringify({ count, ms }));
}

async function countStreamed(dump) {
  let count = 0;
  for await (const message of dump) count += message.attrs === undefined ? 0 : 1;
  return count;
}

function plain(_key, value) {
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}

async function events() {
  const seen = { events: 0, enobufs: 0, invalid: 0, note: '' };
  const tell = { quiet: tellTotals, lat: tellLatency, lines: tellLine }[mode ?? 'quiet'];
  process.on('SIGTERM', () => {
    if (mode !== 'lat') flush(seen);
    process.exit(0);
  });
  for await (const item of new NetlinkClient().subscribe([kind.group])) {
    if (item.kind === 'message') seen.events++;
    else if (item.kind === 'overrun') seen.enobufs++;
    else seen.invalid++;
    tell(item, seen);
  }
}

function flush(seen) {
  if (mode === 'lines') writeLines();
  else tellTotals(undefined, seen);
}

/** Totals now and then: the process may be killed before it could say the last. */
function tellTotals(item, seen) {
  if (item === undefined || seen.events % 1000 === 0) writeSync(1, `${JSON.stringify(seen)}\n`);
}

function tellLatency({ message }) {
  writeSync(1, `mtu=${message?.attrs.mtu} t=${process.hrtime.bigint()}\n`);
}

/** One line an event, many at a write, as a program that prints events would do it. */
function tellLine(item) {
  if (lines.length === 0) setTimeout(writeLines, 10);
  lines.push(item.kind === 'message' ? item.message.op : item.kind);
}

function writeLines() {
  if (lines.length > 0) writeSync(1, `${lines.join('\n')}\n`);
  lines = [];
}

/** Holds each object with all its attributes, and reads again after an overrun. */
async function mirror() {
  const client = new NetlinkClient();
  const subscription = client.subscribe([kind.group]);
  let held = await read(client);
  console.log(`count=${held.size}`);
  process.on('SIGTERM', () => {
    console.log(`final=${held.size}`);
    process.exit(0);
  });
  let token = 0;
  for await (const item of subscription) {
    if (item.kind === 'message') apply(held, item.message);
    // What was queued before the mark is older than the rows; what comes behind them is applied to them.
    else if (item.kind === 'overrun') subscription.mark(++token);
    else if (item.kind === 'mark' && item.token === token) held = await read(client);
  }
}

async function read(client) {
  const { messages } = await kind.dump(client).collect();
  return new Map(messages.map((message) => [kind.key(message), message]));
}

function apply(held, message) {
  if (message.op.startsWith(kind.remove)) held.delete(kind.key(message));
  else held.set(kind.key(message), message);
}
