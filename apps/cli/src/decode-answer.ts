import {
  DecodeError,
  type Endian,
  errorJson,
  explainMessage,
  explainText,
  type MessageJson,
  messageToJson,
  type NetlinkMessage,
  splitMessages,
} from '@lw/codec';
import { readHexLine } from './hex-line.js';
import { jsonLine } from './json-line.js';
import type { FamiliesOf } from './message-families.js';
import { type DecodeErrorJson, decodeErrorText, messageText } from './message-text.js';
import type { TextLine } from './text-lines.js';

export interface AnswerOptions {
  readonly familiesOf: FamiliesOf;
  readonly endian: Endian;
  readonly json: boolean;
  /** Say what each byte is. */
  readonly explain: boolean;
}

export interface Answer {
  readonly text: string;
  /** Something in the line could not be decoded. */
  readonly bad: boolean;
}

/** What `lw decode` says to a line: the messages that are whole, then what is wrong behind them. */
export function answerLine(line: TextLine, options: AnswerOptions): Answer {
  const hex = readHexLine(line);
  if (hex.kind === 'empty') return { text: '', bad: false };
  if (hex.kind === 'error') return { text: errorAnswer(line, hex.error, options), bad: true };
  let text = '';
  let bad = false;
  try {
    for (const message of splitMessages(hex.bytes, { endian: options.endian })) {
      const families = options.familiesOf(message);
      const json = messageToJson(families, message, { endian: options.endian });
      text += options.explain
        ? explanation(message, hex.bytes, options)
        : messageAnswer(json, options);
      bad ||= json.decodeError !== undefined;
    }
    return { text, bad };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { text: text + errorAnswer(line, errorJson(error), options), bad: true };
  }
}

function messageAnswer(json: MessageJson, { json: asJson }: AnswerOptions): string {
  return asJson ? jsonLine(json) : messageText(json);
}

/** What each byte is; whether all could be read is still for decoding to say. */
function explanation(message: NetlinkMessage, datagram: Uint8Array, how: AnswerOptions): string {
  const node = explainMessage(how.familiesOf(message), message, { endian: how.endian });
  return how.json ? jsonLine(node) : explainText(node, datagram);
}

function errorAnswer({ number }: TextLine, error: DecodeErrorJson, how: AnswerOptions): string {
  return how.json
    ? jsonLine({ decodeError: error })
    : `line ${number}: ${decodeErrorText(error)}\n`;
}
