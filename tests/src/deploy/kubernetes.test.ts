import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@zhongkong/token-server';
import { environmentSchema } from '@zhongkong/token-server/testing';
import { parse, parseAllDocuments } from 'yaml';
import { ROOT, readDoc } from '../helpers/examples.js';
import { findTool } from '../helpers/tools.js';

const require = createRequire(import.meta.url);
const kubectl = findTool('kubectl');
const withKubectl = kubectl === undefined ? it.skip : it;
const { version } = JSON.parse(readDoc('package.json'));
const KUBERNETES = 'deploy/kubernetes';

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  // biome-ignore lint/suspicious/noExplicitAny: any shape of Kubernetes; its schema checks it.
  readonly spec?: any;
  readonly metadata: { readonly name: string };
}

const manifestsIn = (file: string) =>
  parseAllDocuments(readDoc(`${KUBERNETES}/${file}`), { merge: true }).map((doc) => doc.toJS() as Manifest);
const manifests = readdirSync(join(ROOT, KUBERNETES))
  .filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml')
  .flatMap(manifestsIn);
const one = (kind: string) => manifests.find((manifest) => manifest.kind === kind)?.spec;

describe('the manifests for Kubernetes', () => {
  it.each(
    manifests
      .filter(({ kind }) => kind !== 'ServiceMonitor')
      .map((manifest) => [manifest.kind, manifest] as const),
  )('%s is what its schema allows', (kind, manifest) => {
    const model = require(`kubernetes-models/${manifest.apiVersion}/${kind}`)[kind];
    expect(() => new model(manifest).validate()).not.toThrow();
  });

  it('are all in the kustomization, but for the one that needs an operator', () => {
    const { resources, images } = parse(readDoc(`${KUBERNETES}/kustomization.yaml`));
    const files = readdirSync(join(ROOT, KUBERNETES)).filter((file) => file.endsWith('.yaml'));
    const others = ['kustomization.yaml', 'service-monitor.yaml'];
    expect([...resources].sort()).toEqual(files.filter((file) => !others.includes(file)).sort());
    expect(images[0].newTag).toBe(version);
  });

  it('fit together: labels, ports, and the name of the configuration and of the secrets', () => {
    const { template, selector } = one('Deployment');
    const [container] = template.spec.containers;
    const labels = template.metadata.labels;
    const selectors = [
      selector.matchLabels,
      one('Service').selector,
      one('PodDisruptionBudget').selector.matchLabels,
      one('NetworkPolicy').podSelector.matchLabels,
      one('ServiceMonitor').selector.matchLabels,
    ];
    for (const found of selectors) expect(labels).toEqual(found);
    expect(one('Service').ports[0].targetPort).toBe(container.ports[0].name);
    expect(one('NetworkPolicy').ingress[0].ports[0].port).toBe(container.ports[0].name);
    expect(one('ServiceMonitor').endpoints[0].port).toBe(one('Service').ports[0].name);
    expect(container.ports[0].containerPort).toBe(environmentSchema.parse({}).PORT);
    const { configMapGenerator } = parse(readDoc(`${KUBERNETES}/kustomization.yaml`));
    const volumes = template.spec.volumes;
    expect(volumes[0].configMap.name).toBe(configMapGenerator[0].name);
  });

  it('give a server that ends more time than it needs, and no name that looks like a setting', () => {
    const { spec } = one('Deployment').template;
    const drain = spec.containers[0].env.find(({ name }: { name: string }) => name === 'DRAIN_DELAY');
    expect(spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(Number(drain.value) + 25);
    const { failureThreshold, periodSeconds } = spec.containers[0].readinessProbe;
    expect(Number(drain.value)).toBeGreaterThan(failureThreshold * periodSeconds);
    expect(spec.enableServiceLinks).toBe(false);
    const names = manifests.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.name);
    expect(names.filter((name) => name.startsWith('zhongkong'))).toEqual([]);
  });

  withKubectl('are put together by kubectl kustomize', () => {
    const text = execFileSync(kubectl ?? '', ['kustomize', KUBERNETES], { cwd: ROOT, encoding: 'utf8' });
    expect(text).toContain(`image: registry.example/zhongkong:${version}`);
    expect(text).toMatch(/name: token-server-\w{10}$/m);
  });
});

describe('the configuration for Kubernetes', () => {
  it('is one that the server takes, but for the secrets, which are not here', () => {
    let text = '';
    try {
      loadConfig({ ZHONGKONG_CONFIG: join(ROOT, KUBERNETES, 'zhongkong.config.json') }, ROOT);
    } catch (error) {
      text = String((error as Error).message);
    }
    const faults = text.split('\n').filter((line) => line.includes('cannot be read (ENOENT)'));
    expect(faults).toHaveLength(3);
    expect(text).not.toMatch(/not known|must be/);
  });
});
