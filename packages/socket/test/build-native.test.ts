import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('../scripts/build-native.mjs', import.meta.url));
const binary = fileURLToPath(new URL('../build/Release/lw_socket.node', import.meta.url));

function build(env: NodeJS.ProcessEnv) {
  return spawnSync(process.execPath, [script], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
}

test('a missing compiler is named, with the cure, and the old binary stays', () => {
  const { status, stderr } = build({ CXX: 'no-such-compiler' });
  expect(status).toBe(1);
  expect(stderr).toContain("the C++ compiler 'no-such-compiler' is not installed");
  expect(stderr).toContain('apt install g++');
  expect(stderr).not.toContain('    at ');
  expect(existsSync(binary)).toBe(true);
});

test('nothing is compiled when nothing has changed', () => {
  expect(build({}).status).toBe(0);
  const before = statSync(binary).mtimeMs;
  expect(build({}).status).toBe(0);
  expect(statSync(binary).mtimeMs).toBe(before);
});
