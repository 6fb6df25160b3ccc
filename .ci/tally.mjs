// Adds up what vitest wrote for each workspace (.turbo/vitest.json) and says it in one plain line, the last of
// a run. Fails when a workspace that has tests wrote nothing, or when no test ran at all.
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const workspaces = [
  '.',
  ...['packages', 'apps'].flatMap((dir) => readdirSync(dir).map((name) => `${dir}/${name}`)),
].filter((dir) => existsSync(`${dir}/test`));

const total = { passed: 0, failed: 0, skipped: 0 };
const silent = [];
for (const dir of workspaces) {
  const file = `${dir}/.turbo/vitest.json`;
  if (existsSync(file)) add(JSON.parse(readFileSync(file, 'utf8')));
  else silent.push(dir);
}

function add({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }) {
  // A file that does not load has no tests to count, and is a failure all the same.
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  total.passed += numPassedTests;
  total.failed += numFailedTests + unloaded.length;
  total.skipped += numPendingTests + numTodoTests;
}

for (const dir of silent) console.log(`${dir}: its tests left no results`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
if (silent.length > 0 || total.failed > 0 || total.passed === 0) process.exit(1);
