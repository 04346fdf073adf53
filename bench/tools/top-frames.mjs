import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SHOWN = 25;

/** Prints where the processes of a folder of CPU profiles spent their time themselves, without what they called. */
export function printTopFrames(folder) {
  for (const file of readdirSync(folder).sort()) {
    const path = join(folder, file);
    process.stdout.write(`\n${path}\n`);
    for (const { share, frame } of topFrames(JSON.parse(readFileSync(path, 'utf8'))))
      process.stdout.write(`${share.toFixed(1).padStart(6)} %  ${frame}\n`);
  }
}

function topFrames({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, frameOf(node.callFrame)]));
  const spent = new Map();
  for (const [index, id] of samples.entries()) {
    const frame = byId.get(id);
    if (frame.startsWith('(idle)')) continue;
    spent.set(frame, (spent.get(frame) ?? 0) + timeDeltas[index]);
  }
  const all = [...spent.values()].reduce((sum, time) => sum + time, 0);
  const shares = [...spent].map(([frame, time]) => ({ frame, share: (100 * time) / all }));
  return shares.sort((a, b) => b.share - a.share).slice(0, SHOWN);
}

function frameOf({ functionName, url, lineNumber }) {
  const place =
    url === ''
      ? ''
      : ` ${url.replace(/^.*\/node_modules\//, '').replace(/^file:\/\/.*?\/(?=\w[\w-]*\/dist\/)/, '')}:${lineNumber + 1}`;
  return `${functionName || '(anonymous)'}${place}`;
}
