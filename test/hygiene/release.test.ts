import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ROOT } from '../lab/checkout.ts'

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly permissions: Readonly<Record<string, string>>
  readonly environment?: string
  readonly needs?: string
  readonly steps: readonly Step[]
}

describe('the workflow of releases', () => {
  const text = read('.github/workflows/release.yml')
  const workflow = parse(text) as {
    readonly permissions: object
    readonly on: unknown
    readonly jobs: Readonly<Record<'build' | 'publish', Job>>
  }
  const { build, publish } = workflow.jobs

  test('uses each action at the commit that was read, and names its version', () => {
    const { read: date, actions } = JSON.parse(read('.github/actions.json')) as {
      readonly read: string
      readonly actions: Readonly<Record<string, { readonly version: string; readonly commit: string }>>
    }
    expect(date).toMatch(/^2\d{3}-\d{2}-\d{2}$/)
    const uses: readonly string[] = text.match(/uses: .*/g) ?? []
    expect(uses).toHaveLength(7)
    const pinned = Object.entries(actions).map(([name, { version, commit }]) => `uses: ${name}@${commit} # ${version}`)
    expect(uses.filter((line) => !pinned.includes(line))).toEqual([])
    expect(Object.values(actions).filter(({ commit }) => !/^[0-9a-f]{40}$/.test(commit))).toEqual([])
    // None is pinned that is not used.
    expect(pinned.filter((line) => !uses.includes(line))).toEqual([])
  })

  test('builds without rights, and publishes without running what a package brings', () => {
    expect(workflow.permissions).toEqual({})
    expect(workflow.on).toEqual({ push: { tags: ['v*'] } })
    expect(build.permissions).toEqual({ contents: 'read' })
    expect(build.steps[0]?.with).toEqual({ 'persist-credentials': false })
    expect(publish.permissions).toEqual({ contents: 'write', 'id-token': 'write', attestations: 'write' })
    expect([publish.environment, publish.needs]).toEqual(['release', 'build'])
    const commands = publish.steps.flatMap(({ run }) => run ?? [])
    expect(commands).toHaveLength(4)
    expect(commands.filter((run) => /\bnpm (?!publish --ignore-scripts)|\bnode\b|\bnpx\b/.test(run))).toEqual([])
    expect(publish.steps.filter(({ uses = '' }) => uses.startsWith('actions/checkout'))).toEqual([])
    expect(text).not.toContain('secrets.')
  })

  test('builds on a Node that does not end what the lock file holds', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      readonly packages: Readonly<Record<string, { readonly version: string }>>
    }
    expect(lock.packages['node_modules/better-sqlite3']?.version).toMatch(/^12\./)
    const nodeOf = (job: Job) =>
      job.steps.find(({ uses = '' }) => uses.startsWith('actions/setup-node'))?.with?.['node-version']
    // npm of Node 24 is the one that a registry can trust without a token; nothing of the checkout runs there.
    expect([nodeOf(build), nodeOf(publish)]).toEqual([22, 24])
  })

  test('puts no expression into a line of a shell', () => {
    const lines = [...build.steps, ...publish.steps].flatMap(({ run }) => run ?? [])
    expect(lines.length).toBeGreaterThan(6)
    expect(lines.filter((line) => line.includes('${{'))).toEqual([])
  })

  test('asks for scripts that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> }
    const named = [...text.matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name)
    expect(named).toEqual(['lint', 'typecheck', 'package'])
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
    const files = [...text.matchAll(/node (?:\.\.\/)?(build\/\S+)/g)].map(([, file = '']) => file)
    expect(files).toEqual(['build/sbom.mjs'])
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([])
  })
})

test('an SBOM has what npm says of an installation, and what is in the one file', async () => {
  const { withBundled } = (await import(String(new URL('../../build/with-bundled.mjs', import.meta.url)))) as {
    withBundled: (sbom: object, packages: readonly object[]) => unknown
  }
  const npm = {
    bomFormat: 'CycloneDX',
    metadata: { component: { 'bom-ref': 'eosflow@1.0.0', name: 'package' } },
    components: [{ 'bom-ref': 'zod@4.6.7', name: 'zod' }],
    dependencies: [
      { ref: 'eosflow@1.0.0', dependsOn: ['zod@4.6.7'] },
      { ref: 'zod@4.6.7', dependsOn: [] },
    ],
  }
  const bundled = [
    { name: '@noble/curves', version: '2.0.1', license: 'MIT' },
    { name: 'both', version: '1.0.0', license: '(MIT OR Apache-2.0)' },
  ]
  expect(withBundled(npm, bundled)).toEqual({
    bomFormat: 'CycloneDX',
    metadata: { component: { 'bom-ref': 'eosflow@1.0.0', name: 'eosflow' } },
    components: [
      { 'bom-ref': 'zod@4.6.7', name: 'zod' },
      {
        'bom-ref': 'bundled:@noble/curves@2.0.1',
        type: 'library',
        name: '@noble/curves',
        version: '2.0.1',
        scope: 'required',
        purl: 'pkg:npm/%40noble/curves@2.0.1',
        licenses: [{ license: { id: 'MIT' } }],
        properties: [{ name: 'eosflow:bundled', value: 'true' }],
      },
      {
        'bom-ref': 'bundled:both@1.0.0',
        type: 'library',
        name: 'both',
        version: '1.0.0',
        scope: 'required',
        purl: 'pkg:npm/both@1.0.0',
        licenses: [{ expression: '(MIT OR Apache-2.0)' }],
        properties: [{ name: 'eosflow:bundled', value: 'true' }],
      },
    ],
    dependencies: [
      { ref: 'eosflow@1.0.0', dependsOn: ['zod@4.6.7', 'bundled:@noble/curves@2.0.1', 'bundled:both@1.0.0'] },
      { ref: 'zod@4.6.7', dependsOn: [] },
      { ref: 'bundled:@noble/curves@2.0.1', dependsOn: [] },
      { ref: 'bundled:both@1.0.0', dependsOn: [] },
    ],
  })
})

/** The instructions of a container file: comments are left out, and lines that go on are one. */
function instructions(text: string) {
  const lines = text.replace(/^#.*\n/gm, '').replace(/\\\n\s*/g, '')
  return lines.split('\n').filter((line) => line !== '')
}

const HADOLINT = [
  process.env.EOSFLOW_HADOLINT ?? '',
  ...(process.env.PATH ?? '').split(delimiter).map((dir) => join(dir, 'hadolint')),
].find((path) => path !== '' && existsSync(path))

describe('the container file', () => {
  const file = 'docs/operation/Containerfile'

  test('installs the package without scripts, as a user without rights, and tries it', () => {
    const lines = instructions(read(file))
    expect(lines.map((line) => line.split(' ', 1)[0])).toEqual([
      ...['FROM', 'SHELL', 'RUN', 'ARG', 'COPY', 'RUN', 'USER', 'WORKDIR', 'VOLUME', 'CMD'],
    ])
    const [from = '', , prepare = '', , copy = '', install = '', user = ''] = lines
    expect(from).toBe('FROM node:24-bookworm-slim')
    for (const program of ['git', 'openssh-client', 'ca-certificates']) expect(prepare.split(' ')).toContain(program)
    expect(prepare).toContain('useradd --uid 10001 ')
    expect(copy).toBe('COPY eosflow-*.tgz /tmp/package/')
    expect(install).toContain('npm install --global --ignore-scripts ')
    expect(install).toContain("eosflow doctor | grep --fixed-strings 'better-sqlite3 loads'")
    expect([user, lines[7], lines[8]]).toEqual(['USER 10001:10001', 'WORKDIR /work', 'VOLUME ["/work"]'])
    // Compose files, and jobs that bring a shell, name the command themselves.
    expect(lines.at(-1)).toBe('CMD ["eosflow", "--help"]')
  })

  test.skipIf(HADOLINT === undefined)('is good to hadolint (needs the hadolint command)', () => {
    const { status, stdout } = spawnSync(HADOLINT ?? '', ['--no-color', join(ROOT, file)], { encoding: 'utf8' })
    expect([status, stdout]).toEqual([0, ''])
    // It finds what is wrong.
    const latest = spawnSync(HADOLINT ?? '', ['--no-color', '-'], { input: 'FROM node:latest\n', encoding: 'utf8' })
    expect([latest.status, latest.stdout]).toEqual([1, expect.stringContaining('DL3007')])
  })
})
