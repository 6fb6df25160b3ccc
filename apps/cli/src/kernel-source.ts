import type { DecodedMessage } from '@lw/codec';
import type { LinkSource } from '@lw/watch';

export interface SourceOptions {
  /** Receive buffer to ask for on subscriptions, in bytes; default: the socket package's. */
  readonly rcvbufBytes?: number;
}

/** What the commands need of the kernel: a source of links, and one link in full. */
export interface KernelSource extends LinkSource {
  /** One link with everything that the kernel tells of it, statistics included. */
  getLink(ifindex: number): Promise<DecodedMessage>;
  close(): Promise<void>;
}

/** The running kernel. Loads the native binding, so it is called by commands that need it only. */
export async function openKernelSource(options: SourceOptions = {}): Promise<KernelSource> {
  const [{ NetlinkClient }, { rtLink }] = await Promise.all([
    import('@lw/socket'),
    import('@lw/codec/families/rt-link'),
  ]);
  const client = new NetlinkClient();
  return {
    dump: (operation, request) => client.dump(operation, request),
    subscribe: (groups) => client.subscribe(groups, options),
    async getLink(ifindex) {
      const [reply] = await client.do(rtLink.ops.getlink, { header: { ifiIndex: ifindex } });
      if (reply === undefined) throw new Error(`getlink of index ${ifindex}: no reply`);
      return reply as unknown as DecodedMessage;
    },
    close: () => client.close(),
  };
}
