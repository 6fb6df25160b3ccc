// Plants a wrong import for each arrow of DESIGN section 1 and shows that the linter stops it with the rule's
// sentence; and a use of a platform global in each pure package, that the compiler stops it.
// A rule that nobody has seen fail is no rule.
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';

const wrongImports = [
  ['packages/codec', 'node:fs', '@lw/codec is pure and imports nothing'],
  ['packages/codec', '@lw/socket', '@lw/codec is pure and imports nothing'],
  ['packages/codec', '@lw/watch', '@lw/codec is pure and imports nothing'],
  ['packages/socket', '@lw/watch', '@lw/socket may import @lw/codec only'],
  ['packages/watch', '@lw/socket', '@lw/watch is pure and may import @lw/codec only'],
  ['packages/watch', 'node:fs', '@lw/watch is pure and may import @lw/codec only'],
  ['apps/server', '@lw/cli', 'The daemon never imports the command line'],
];
const pure = ['packages/codec', 'packages/watch'];

let wrong = 0;
function check(what, found, output) {
  console.log(`${found ? 'stopped' : 'NOT STOPPED'}: ${what}`);
  if (found) return;
  wrong++;
  console.log(output);
}

/** Runs a program while a file with these contents stands in the package's sources. */
function planted(dir, text, command) {
  const file = `${dir}/src/planted-by-ci-layers.ts`;
  writeFileSync(file, text);
  try {
    const { stdout, stderr } = spawnSync(command[0], command.slice(1), { encoding: 'utf8' });
    return (stdout + stderr).replaceAll(/\s+/g, ' ');
  } finally {
    rmSync(file);
  }
}

for (const [dir, module, sentence] of wrongImports) {
  const text = `import '${module}';\n`;
  const output = planted(dir, text, ['biome', 'lint', '--colors=off', `${dir}/src`]);
  check(`${dir} importing ${module}`, output.includes(sentence), output);
}
for (const dir of pure) {
  for (const use of ['process.exit(1);', 'setTimeout(() => undefined, 1);', 'console.log(1);']) {
    const output = planted(dir, `${use}\n`, [
      'tsc',
      '-p',
      `${dir}/tsconfig.build.json`,
      '--noEmit',
    ]);
    check(`${dir} using ${use}`, /error TS2(304|580|584|591)/.test(output), output);
  }
}
process.exit(wrong === 0 ? 0 : 1);
