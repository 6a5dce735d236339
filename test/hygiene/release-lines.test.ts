import { execFileSync, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { ROOT, temporaryFolder } from '../lab/lab.ts'

interface Step {
  readonly id?: string
  readonly name?: string
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
}

const workflow = parse(readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8')) as {
  readonly jobs: Readonly<Record<'build' | 'publish', { readonly steps: readonly Step[] }>>
}

/** Every line of a job, with what it is called. */
const linesOf = (job: 'build' | 'publish') =>
  workflow.jobs[job].steps.flatMap((step) =>
    step.run === undefined ? [] : [[step.name ?? step.id ?? step.run, { ...step, run: step.run }] as const],
  )

/** What the lines may call beside a shell: what asks a registry or a forge says what it was called with, the rest is done. */
const NPM = `#!/bin/sh
echo "npm $*" >>"$CALLS"
case "$1 $2" in
  'run package') exec node build/pack.mjs "$PWD" ;;
  'sbom '*) echo '{"bomFormat":"CycloneDX","metadata":{"component":{"bom-ref":"eosflow@0.1.0","name":"package"}},"components":[],"dependencies":[{"ref":"eosflow@0.1.0","dependsOn":[]}]}' ;;
  'pack '*) exec "$REAL_NPM" "$@" ;;
esac
`
const GH = '#!/bin/sh\necho "gh $*" >>"$CALLS"\n'

/** A machine of one job: a folder, and what its lines have called. */
function machine() {
  const dir = temporaryFolder()
  const bin = join(dir, '.bin')
  mkdirSync(bin)
  for (const [name, text] of Object.entries({ npm: NPM, gh: GH })) {
    writeFileSync(join(bin, name), text)
    chmodSync(join(bin, name), 0o755)
  }
  const output = join(dir, '.output')
  const calls = join(dir, '.calls')
  for (const file of [output, calls]) writeFileSync(file, '')
  const real = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim()
  return {
    dir,
    calls: () => readFileSync(calls, 'utf8').trim().split('\n'),
    output: () => readFileSync(output, 'utf8'),
    /** Runs a line as the runner does: `bash -e`, or as its step says. */
    run: (line: string, env: Readonly<Record<string, string>> = {}) =>
      spawnSync('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', line], {
        cwd: dir,
        encoding: 'utf8',
        env: {
          ...process.env,
          PATH: `${bin}:${process.env.PATH}`,
          CALLS: calls,
          GITHUB_OUTPUT: output,
          REAL_NPM: real,
          npm_config_cache: join(dir, '.cache'),
          ...env,
        },
      }),
  }
}

test('each line of the workflow of releases does its work on what the lines before it have left', {
  tags: ['long', 'turn'],
  timeout: 120_000,
}, () => {
  const builder = machine()
  for (const path of ['build', 'dist', 'src', 'node_modules', 'workflows', 'fixtures'])
    symlinkSync(join(ROOT, path), join(builder.dir, path), 'dir')
  for (const path of ['package.json', 'package-lock.json', 'README.md', 'LICENSE'])
    cpSync(join(ROOT, path), join(builder.dir, path))
  const built: string[] = []
  for (const [name, { run, env }] of linesOf('build')) {
    const given = Object.fromEntries(Object.keys(env ?? {}).map((key) => [key, 'v0.1.0']))
    const { status, stderr } = builder.run(run, given)
    expect([name, status, stderr]).toEqual([name, 0, expect.any(String)])
    built.push(name)
  }
  expect(built).toEqual([
    'the tag is the version',
    'npm ci',
    'npm run lint && npm run typecheck && npm test',
    'package, SBOM and digests',
  ])
  expect(builder.calls().filter((call) => !call.startsWith('npm pack'))).toEqual([
    'npm ci',
    'npm run lint',
    'npm run typecheck',
    'npm test',
    'npm run package',
    'npm install --package-lock-only --ignore-scripts --no-audit --no-fund',
    'npm sbom --sbom-format cyclonedx --package-lock-only',
  ])
  const release = join(builder.dir, 'release')
  expect(readdirSync(release).toSorted()).toEqual(['SHA256SUMS', 'eosflow-0.1.0.cdx.json', 'eosflow-0.1.0.tgz'])
  const bom = JSON.parse(readFileSync(join(release, 'eosflow-0.1.0.cdx.json'), 'utf8')) as {
    readonly components: readonly object[]
  }
  expect(bom.components.length).toBeGreaterThan(20)
  const [, digest = ''] = /^digest=([0-9a-f]{64})\n$/.exec(builder.output()) ?? []
  // Another tag than the version is no release.
  const [[, tag] = ['', { run: 'true' }]] = linesOf('build')
  expect(builder.run(tag.run, { TAG: 'v0.1.1' }).status).not.toBe(0)

  const publisher = machine()
  cpSync(release, join(publisher.dir, 'release'), { recursive: true })
  const given = { DIGEST: digest, TAG: 'v0.1.0', REPOSITORY: 'acme/eosflow', GH_TOKEN: 'none' }
  const published = linesOf('publish').map(([, { run }]) => publisher.run(run, given).status)
  expect(published).toEqual([0, 0, 0, 0])
  expect(publisher.output()).toBe('path=release/eosflow-0.1.0.cdx.json\n')
  expect(publisher.calls()).toEqual([
    'npm publish --ignore-scripts --provenance --access public ./release/eosflow-0.1.0.tgz',
    'gh release create v0.1.0 --repo acme/eosflow --verify-tag --generate-notes release/SHA256SUMS release/eosflow-0.1.0.cdx.json release/eosflow-0.1.0.tgz',
  ])

  // What was altered between the jobs is not published: neither a file, nor the sums with it.
  const [[, check] = ['', { run: 'true' }]] = linesOf('publish')
  appendFileSync(join(publisher.dir, 'release/eosflow-0.1.0.tgz'), 'more')
  expect(publisher.run(check.run, given).status).not.toBe(0)
  publisher.run('cd release; sha256sum eosflow-* >SHA256SUMS')
  expect(publisher.run(check.run, given).status).not.toBe(0)
  expect(existsSync(join(publisher.dir, 'release/SHA256SUMS'))).toBe(true)
})

const ACTIONLINT = [
  process.env.EOSFLOW_ACTIONLINT ?? '',
  ...(process.env.PATH ?? '').split(':').map((dir) => join(dir, 'actionlint')),
].find((path) => path !== '' && existsSync(path))

test.skipIf(ACTIONLINT === undefined)(
  'actionlint takes the workflow, and those that are generated (needs the actionlint command)',
  { tags: 'long' },
  () => {
    const dir = temporaryFolder({ '.github/actionlint.yaml': 'self-hosted-runner: { labels: [eosflow] }\n' })
    execFileSync(process.execPath, [join(ROOT, 'dist/doors/cli/main.js'), 'init', '.'], { cwd: dir, stdio: 'ignore' })
    execFileSync(process.execPath, [join(ROOT, 'dist/doors/cli/main.js'), 'ci', 'init', 'github'], {
      cwd: dir,
      stdio: 'ignore',
    })
    cpSync(join(ROOT, '.github/workflows/release.yml'), join(dir, '.github/workflows/release.yml'))
    execFileSync('git', ['init', '-q'], { cwd: dir })
    expect(readdirSync(join(dir, '.github/workflows'))).toHaveLength(5)
    const lint = () => spawnSync(ACTIONLINT ?? '', ['-no-color'], { cwd: dir, encoding: 'utf8' })
    expect([lint().stdout, lint().status]).toEqual(['', 0])
    // It finds what is wrong.
    writeFileSync(
      join(dir, '.github/workflows/bad.yml'),
      'on: push\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: true, env: { A: "${{ nothing.here }}" } }] } }\n',
    )
    expect(lint().stdout).toContain('nothing')
  },
)
