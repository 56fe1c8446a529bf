import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { Ajv } from 'ajv';
import type { Command } from 'commander';
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { Service } from 'kubernetes-models/v1';
import { parse, parseAllDocuments } from 'yaml';

const deploy = (name: string): string => readFileSync(join(__dirname, '..', 'deploy', name), 'utf8');

interface Compose {
  services: Record<string, Record<string, unknown>>;
}
interface Manifest {
  kind: string;
  metadata: { name: string };
  spec: Record<string, unknown>;
}

// The Compose Specification's own schema, which dclint carries.
const schema = JSON.parse(
  readFileSync(join(dirname(require.resolve('dclint/package.json')), 'schemas', 'compose.schema.json'), 'utf8'),
) as { $schema?: string };
delete schema.$schema; // ajv knows the draft under http:// alone
const isCompose = new Ajv({ strict: false, validateFormats: false }).compile(schema);

const kinds = { Service, StatefulSet, Deployment };
const validate = (manifest: Manifest): void => {
  const Kind = kinds[manifest.kind as keyof typeof kinds];
  assert.ok(Kind, `no schema for ${manifest.kind}`);
  new Kind(manifest as never).validate();
};

test('compose.yaml is what the Compose Specification allows; a broken one is not', () => {
  const compose = parse(deploy('compose.yaml')) as Compose;
  assert.ok(isCompose(compose), JSON.stringify(isCompose.errors));
  assert.deepEqual(Object.keys(compose.services), ['redis', 'worker', 'dashboard']);
  assert.ok(!isCompose({ services: { ...compose.services, worker: { ...compose.services['worker'], replica: 2 } } }));
  assert.ok(!isCompose({ services: { ...compose.services, worker: { ...compose.services['worker'], restart: 1 } } }));
});

test('Redis keeps what it is told, and neither it nor the dashboard is open to the network', () => {
  const { services } = parse(deploy('compose.yaml')) as Compose;
  const command = services['redis']!['command'] as string[];
  for (const word of ['--appendonly', 'noeviction', '--requirepass']) assert.ok(command.includes(word), word);
  for (const { ports } of Object.values(services)) {
    assert.ok(((ports ?? []) as string[]).every((port) => port.startsWith('127.0.0.1:')));
  }
});

test("the Kubernetes manifest is what Kubernetes' schemas allow; a broken one is not", () => {
  const manifests = parseAllDocuments(deploy('kubernetes.yaml')).map((document) => document.toJS() as Manifest);
  assert.deepEqual(
    manifests.map(({ kind }) => kind),
    ['Service', 'StatefulSet', 'Deployment', 'Deployment'],
  );
  for (const manifest of manifests) validate(manifest);
  const worker = manifests[2]!;
  assert.throws(() => validate({ ...worker, spec: { ...worker.spec, replicas: 'many' } }), /replicas/);
  assert.throws(() => validate({ ...worker, spec: { replicas: 2 } }), /required property/);
});

test('the options are ones that the commands have, and the environment is one that they read', async () => {
  const compose = parse(deploy('compose.yaml')) as Compose;
  const [, , ...deployments] = parseAllDocuments(deploy('kubernetes.yaml')).map(
    (document) =>
      document.toJS() as {
        spec: { template: { spec: { containers: { args: string[]; env: { name: string }[] }[] } } };
      },
  );
  const started = [
    ...['worker', 'dashboard']
      .map((name) => compose.services[name] as { command: string[]; environment: object })
      .map(({ command, environment }) => ({ words: command, names: Object.keys(environment) })),
    ...deployments.map(({ spec }) => {
      const container = spec.template.spec.containers[0]!;
      return { words: container.args, names: container.env.map(({ name }) => name) };
    }),
  ];
  assert.deepEqual(
    started.map(({ words: [script] }) => script),
    ['worker', 'dashboard', 'worker', 'dashboard'].map((name) => `scripts/${name}.ts`),
  );
  for (const {
    words: [script, ...words],
    names,
  } of started) {
    const { program } = (await import(join('..', script!))) as { program: Command };
    for (const option of words.filter((word) => word.startsWith('--')))
      assert.ok(
        program.options.some(({ long }) => long === option),
        option,
      );
    for (const name of names.filter((one) => one !== 'REDIS_PASSWORD'))
      assert.ok(
        program.options.some(({ envVar }) => envVar === name),
        name,
      );
  }
});

test('what git leaves out, an image leaves out too', () => {
  const read = (name: string): string[] => readFileSync(join(__dirname, '..', name), 'utf8').split('\n');
  const kept = read('.dockerignore');
  const left = read('.gitignore')
    .filter((line) => /^[^#!].*\/$/.test(line))
    .map((line) => line.slice(0, -1));
  assert.ok(left.length > 8);
  for (const name of left) assert.ok(kept.includes(name.startsWith('/') ? name.slice(1) : `**/${name}`), name);
});
