import { type Arguments, choiceOf, optionValue, seeHelp } from './arguments.js';
import { exitFailure, exitOk, usageError } from './cli-error.js';
import type { Command } from './command.js';
import { say } from './failure.js';
import { emptyNameError, fileError } from './file-error.js';
import type { Input, Io } from './io.js';

export const decode: Command = {
  name: 'decode',
  usage: '--hex [FILE|-] [OPTIONS]',
  description: `Reads one datagram a line as hex digits, from FILE or from stdin, and says what each of its
messages means. Spaces are ignored, and all behind a #; empty lines are skipped; 0x before
digits and : or - between bytes are taken too. Each line gets its own answer: one that
cannot be decoded gets an error, and the rest goes on.

Without --json a message is shown as indented text. With --json it is one object:
{"len","type","flags","seq","pid","family","op","header","attrs","unknown"?,"error"?},
and {"decodeError":{"code","offset","path","message"}, ...} where it could not be read.
Ids of generic netlink differ from boot to boot, so --spec names the family there; without
it only the controller (nlctrl) is known.

With --explain a message is shown byte by byte, a line for each field and attribute: offset in
the datagram, hex, the kernel's name, its YNL name, type, value, and in parentheses what is
unusual there. With --json too it is one tree: {"start","end","name","cName"?,"type"?,"value"?,
"note"?,"role"?,"children"?}, where role is header, payload or padding.
The exit code is 1 when any line could not be decoded.`,
  options: [
    { name: 'hex', help: 'the input is hex, a datagram a line' },
    {
      name: 'protocol',
      short: 'p',
      value: 'NAME',
      help: 'netlink protocol: route (default), generic, netfilter, …, or 0 to 31',
    },
    {
      name: 'spec',
      value: 'NAME',
      help: 'family of all messages, such as rt-link, nl80211 or conntrack',
    },
    { name: 'explain', help: 'say of each byte what it is' },
    { name: 'endian', value: 'ORDER', help: 'byte order of the sender: little (default) or big' },
  ],
  examples: [
    ['echo 1400000012000103010000000000000000000000 | lw decode --hex', 'a request, as text'],
    ['lw decode --hex --json capture.hex', 'one object a message'],
    ['xxd -p -c 0 dump.bin | lw decode --hex', 'a datagram in a binary file'],
    ['lw decode --hex --explain capture.hex', 'what each byte is'],
    ['lw decode --hex --spec ethtool -', 'one generic family'],
  ],
  run: runDecode,
};

async function runDecode(args: Arguments, io: Io): Promise<number> {
  const [path, ...more] = args.positionals;
  if (more.length > 0) throw usageError(`one file at a time: ${more.join(' ')} is too much`);
  if (path === '') throw emptyNameError();
  if (!args.values.has('hex')) {
    throw usageError('the form of the input is not named', 'add --hex', seeHelp(decode));
  }
  const endian = choiceOf(args, 'endian', ['little', 'big'] as const) ?? 'little';
  const asked = { protocol: optionValue(args, 'protocol'), spec: optionValue(args, 'spec') };
  const [{ answerLine }, { chooseFamilies }, { hexHint }, { maxLineChars }, { textLines }] =
    await Promise.all([
      import('./decode-answer.js'),
      import('./message-families.js'),
      import('./hex-hint.js'),
      import('./hex-line.js'),
      import('./text-lines.js'),
    ]);
  const how = {
    familiesOf: await chooseFamilies(asked),
    endian,
    json: args.values.has('json'),
    explain: args.values.has('explain'),
  };
  const hints = new Set<string>();
  let bad = false;
  for await (const lines of textLines(await openInput(path, io), maxLineChars)) {
    const answers = lines.map((line) => ({ line, ...answerLine(line, how) }));
    const text = answers.map((answer) => answer.text).join('');
    if (text !== '') await io.stdout.write(text);
    const badLines = answers.filter((answer) => answer.bad).map(({ line }) => line);
    bad ||= badLines.length > 0;
    for (const hint of badLines.map(hexHint)) {
      // Each once: what is wrong with one line is wrong with all.
      if (hint === undefined || hints.has(hint)) continue;
      hints.add(hint);
      await say(hint, io);
    }
  }
  return bad ? exitFailure : exitOk;
}

async function openInput(path: string | undefined, io: Io): Promise<AsyncIterable<Uint8Array>> {
  if (path !== undefined && path !== '-') return namingFailures(path, io.openFile(path));
  await remarkOnTerminal(io.stdin, io);
  return namingFailures(undefined, io.stdin);
}

async function remarkOnTerminal(stdin: Input, io: Io): Promise<void> {
  if (stdin.isTTY) await say('reading hex from the terminal; Ctrl-D ends it', io);
}

/** Reading fails in the system's words; what was read, and what to try, is known here only. */
async function* namingFailures(
  path: string | undefined,
  input: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* input;
  } catch (error) {
    throw fileError(error, path);
  }
}
