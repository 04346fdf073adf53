import { describe, expect, it } from '@jest/globals';
import { readDoc } from '../helpers/examples.js';

interface Manifest {
  readonly version: string;
  readonly engines?: object;
  readonly license: string;
  readonly homepage?: string;
  readonly bugs?: string;
  readonly keywords?: readonly string[];
  readonly repository?: { readonly url: string; readonly directory?: string };
  readonly workspaces?: readonly string[];
}

const read = (folder: string) => JSON.parse(readDoc(`${folder}package.json`)) as Manifest;
const root = read('');
/** What may be published; the others are for this repository alone. */
const PUBLISHED = (root.workspaces ?? []).filter(
  (name) => !['tests', 'bench', 'token-server/console'].includes(name),
);

describe('the manifest', () => {
  it.each(PUBLISHED)('of %s says where the project is, as the root does', (name) => {
    const { version, engines, license, homepage, bugs, repository, keywords } = read(`${name}/`);
    expect({ version, engines, license, homepage, bugs, repository }).toEqual({
      version: root.version,
      engines: root.engines,
      license: root.license,
      homepage: root.homepage,
      bugs: root.bugs,
      repository: { ...root.repository, directory: name },
    });
    expect(keywords).not.toHaveLength(0);
  });

  it('of the root names the Node.js of .node-version among the engines', () => {
    expect(JSON.stringify(root.engines)).toContain(readDoc('.node-version').trim());
  });
});
