import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../helpers/examples.js';

interface PrivateWord {
  readonly word: RegExp;
  /** The word of the glossary, or plain English. */
  readonly better: string;
  /** Where it may stand all the same, as the beginning of a path. */
  readonly except?: readonly string[];
}

/** The sandbox plays WeChat: there it issues tokens, and the platform is itself. */
const SANDBOX = 'sandbox/';
/** The test of this list, the list of the changes, and what npm writes. */
const EXEMPT = ['tests/src/house/words.test.ts', 'CHANGELOG.md', 'package-lock.json', 'tests/environments/'];

/** Private words and riddles of earlier versions. */
const PRIVATE_WORDS: readonly PrivateWord[] = [
  { word: /\bKeepings?\b/, better: 'credential' },
  { word: /\bsetback\b/i, better: 'failed attempts' },
  { word: /\bintention\b/i, better: 'StartMode' },
  { word: /\w(Tools|Surroundings)\b/, better: '…Deps, …Options' },
  { word: /\bStoreAway|\bstore away\b/i, better: 'StoreUnavailable; Redis is unavailable' },
  { word: /\bHandouts?\b/i, better: 'LastAnswers' },
  { word: /\bTokenOrder\b/, better: 'TokenRequest', except: [SANDBOX] },
  { word: /\bpulse\b|\bstartPulse\b/i, better: 'overdue check' },
  {
    word: /\bmoreUsed\b|\bsweepsAll\b|\bSAME_WISH|\bStreamEars\b|\baloneWith\b/,
    better: 'the names of the glossary',
  },
  { word: /\bconceal|\bscrub/i, better: 'redact' },
  { word: /#turn\b|#hold\b|#serve\b/, better: 'runSession, acquireLease, handlePending' },
  // The word in riddles: "is told", "can be told from". What somebody tells is a report or an answer.
  { word: /\btold\b/i, better: 'reported, listed, announced; gets, learns', except: [SANDBOX] },
  {
    word: /\bwhoever\b|\bwhyever\b|\bwheresoever\b/i,
    better: 'anybody who; for any reason',
    except: [SANDBOX],
  },
  { word: /\bclients?['’]s? word\b|\bon (?:its|their|the) word\b/i, better: 'triggered by reports' },
  {
    word: /\bnone of ours\b|\bknows us not\b|\bhas not the\b/i,
    better: 'of another origin; does not',
    except: [SANDBOX],
  },
  { word: /\bwho comes (?:now|later)\b|\bcomes? too late\b/i, better: 'later requests' },
  { word: /\bhence\b|\bthereof\b|\bwherein\b|\bhereby\b/i, better: 'so; of it; in which' },
];

/** Words of WeChat's other name: `wechat` is the word in the packages, and users read it in pages. */
const PLATFORM = /\bplatforms?\b/i;
/** Names of WeChat's own: the Open Platform, and accounts that a third-party platform manages. */
const OPEN_PLATFORM = /process\.platform|open platform|third-party platform|only that platform/i;

const FILES = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n')
  .filter((path) => /\.(ts|mjs|md|json|yml)$/.test(path) && existsSync(join(ROOT, path)))
  .filter((path) => !EXEMPT.some((exempt) => path.startsWith(exempt)));

function linesWith(word: RegExp, files: readonly string[]): string[] {
  return files.flatMap((path) =>
    readFileSync(join(ROOT, path), 'utf8')
      .split('\n')
      .flatMap((line, index) => (word.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
  );
}

describe('words', () => {
  it.each(PRIVATE_WORDS)('$word is not used any more: it is $better', ({ word, except = [] }) => {
    const files = FILES.filter((path) => !except.some((folder) => path.startsWith(folder)));
    expect(linesWith(word, files)).toEqual([]);
  });

  it('the source of the packages says WeChat, not platform', () => {
    const sources = FILES.filter((path) =>
      /^(shared|jobs|token-server|client-sdk)\/src\/.*(?<!\.test)\.ts$/.test(path),
    );
    const found = linesWith(PLATFORM, sources).filter((line) => !OPEN_PLATFORM.test(line));
    expect(found).toEqual([]);
  });
});
