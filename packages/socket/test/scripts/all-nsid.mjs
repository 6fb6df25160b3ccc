// Events of another namespace carry its id (K33). The peer of a veth gives that namespace an id in ours.
import { execFileSync, spawn } from 'node:child_process';
import { NetlinkClient } from '@lw/socket';
import { ip, print, takeUntilMark } from './native.mjs';

const RTNLGRP_LINK = 1;
const other = spawn('unshare', ['-n', 'sh', '-c', 'echo ready; exec sleep 60'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
await new Promise((resolve) => other.stdout.once('data', resolve));
ip(`link add here type veth peer name there netns ${other.pid}`);
const client = new NetlinkClient();
const events = client.subscribe([RTNLGRP_LINK], { allNsid: true });
execFileSync('nsenter', ['-t', `${other.pid}`, '-n', 'ip', 'link', 'set', 'lo', 'up']);
ip('link set lo up');
events.mark(1);
const seen = await takeUntilMark(events);
print({ nsids: seen.filter((i) => i.message?.attrs.ifname === 'lo').map((i) => i.nsid ?? null) });
other.kill();
await client.close();
