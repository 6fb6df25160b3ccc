import type { DecodedMessage, DecodeError, Operation, RequestBody } from '@lw/codec';

/** An item of a subscription, in the order of the kernel. */
export type SourceItem =
  | {
      readonly kind: 'message';
      /** RTM_*. */
      readonly type: number;
      /** Namespace id of a listener to all namespaces; undefined is our own (K33). */
      readonly nsid?: number | undefined;
      readonly message: DecodedMessage;
    }
  /** The kernel dropped notifications (K18). */
  | { readonly kind: 'overrun' }
  /** All that the kernel had queued when `mark(token)` was called stands before this. */
  | { readonly kind: 'mark'; readonly token: number }
  | { readonly kind: 'undecodable'; readonly error: DecodeError };

export interface SourceSubscription extends AsyncIterable<SourceItem> {
  /** Puts a mark behind everything that is queued now. */
  mark(token: number): void;
  close(): unknown;
}

export interface SourceDump extends AsyncIterable<DecodedMessage> {
  collect(): Promise<{
    readonly messages: readonly DecodedMessage[];
    readonly interrupted: boolean;
  }>;
}

/** Where links come from: a NetlinkClient is one, a simulated kernel or a recording may be another. */
export interface LinkSource {
  // biome-ignore lint/suspicious/noExplicitAny: operations are invariant in their types; any operation fits here
  dump(operation: Operation<any>, request?: RequestBody<any>): SourceDump;
  subscribe(groups: readonly number[]): SourceSubscription;
}
