// Builds build/Release/lw_socket.node with the C++ compiler alone: the Node-API headers come from npm
// (node-api-headers), so neither node-gyp nor a download of Node's headers is needed. Does nothing when
// sources, flags and compiler are those of the last build.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const nativeDir = join(root, 'native');
const outDir = join(root, 'build/Release');
const binary = join(outDir, 'lw_socket.node');
const stamp = join(outDir, 'lw_socket.stamp');
const compiler = process.env.CXX ?? 'g++';

function compilerArguments() {
  const require = createRequire(import.meta.url);
  const packageDir = (name) => dirname(require.resolve(`${name}/package.json`));
  const sources = readdirSync(nativeDir)
    .filter((name) => name.endsWith('.cc'))
    .sort()
    .map((name) => `native/${name}`);
  return [
    ...(process.env.CXXFLAGS ?? '-O2').split(' ').filter(Boolean),
    ...['-shared', '-fPIC', '-std=c++17', '-fno-exceptions', '-fvisibility=hidden'],
    ...['-Wall', '-Wextra', '-Werror'],
    // 8 loads on every supported Node; a number above the running Node's is a crash, not an error.
    '-DNAPI_VERSION=8',
    ...['-DNAPI_DISABLE_CPP_EXCEPTIONS', '-DNODE_ADDON_API_DISABLE_DEPRECATED'],
    ...['-DNODE_GYP_MODULE_NAME=lw_socket', '-DBUILDING_NODE_EXTENSION'],
    `-isystem${packageDir('node-api-headers')}/include`,
    `-isystem${packageDir('node-addon-api')}`,
    ...sources,
  ];
}

/** A digest of all that decides what the binary is. */
function fingerprint(args) {
  const hash = createHash('sha256').update(JSON.stringify([compiler, process.arch, args]));
  for (const name of readdirSync(nativeDir).sort()) {
    hash.update(name).update(readFileSync(join(nativeDir, name)));
  }
  return hash.digest('hex');
}

function compile(args) {
  // Written beside and renamed: a process that has the old binary mapped keeps it.
  const fresh = `${binary}.${process.pid}.tmp`;
  try {
    execFileSync(compiler, [...args, '-o', fresh], { cwd: root, stdio: 'inherit' });
  } catch (error) {
    if (error.code !== 'ENOENT') process.exit(1); // the compiler has said why
    console.error(
      `@lw/socket: cannot build the native binding: the C++ compiler '${compiler}' is not installed.\n` +
        'Install one (Debian, Ubuntu: apt install g++; Fedora: dnf install gcc-c++; Alpine: apk add g++),\n' +
        'or name another with CXX=clang++, then run the build again.',
    );
    process.exit(1);
  }
  renameSync(fresh, binary);
}

if (process.platform !== 'linux') {
  console.error('@lw/socket: netlink is Linux only; the native binding is not built here.');
  process.exit(0);
}
const args = compilerArguments();
const print = fingerprint(args);
const current = existsSync(binary) && existsSync(stamp) && readFileSync(stamp, 'utf8') === print;
if (!current) {
  mkdirSync(outDir, { recursive: true });
  compile(args);
  writeFileSync(stamp, print);
}
