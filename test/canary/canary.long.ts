// @module-tag long
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { main } from '../../src/doors/cli/program.ts'
import { exits, startBuilt } from '../lab/lab.ts'
import { ENCODINGS, search, unguardedMain } from './canaries.ts'
import { canariesOf, type Lab, startLab } from './lab.ts'
import { type Ends, runEverything, runRevealing } from './scenario.ts'

/** What is done to a running process as soon as its stderr matches. */
interface Strike {
  readonly when: RegExp
  readonly signal: NodeJS.Signals
}

/** Runs the built command in a lab, in a process of its own. */
async function shipped(
  lab: Lab,
  line: string,
  { strike, nodeOptions = '' }: { readonly strike?: Strike; readonly nodeOptions?: string } = {},
) {
  const { child, text, ended } = startBuilt(lab.dir, line.split(' '), { ...lab.env, NODE_OPTIONS: nodeOptions })
  let struck = strike === undefined
  child.stderr?.on('data', () => {
    if (struck || strike === undefined || !strike.when.test(text.err)) return
    struck = true
    child.kill(strike.signal)
  })
  const { code, signal, out, err } = await ended
  if (!struck) throw new Error(`${line} never said ${strike?.when}:\n${err}`)
  return lab.heard(line, { code: signal === null ? (code ?? -1) : -1, out, err })
}

const total = (places: ReadonlyMap<string, Buffer>) => [...places.values()].reduce((sum, { length }) => sum + length, 0)

/** How command lines end of refusals, of what is put back, of services and of files. */
const ENDS_OF_THE_REST: Ends = [
  ['run p.plan -vv', 4],
  ['run workflows/fails.yaml -p vlan=150 -vv', 6],
  ['run refused.yaml -vv', 10],
  ['run broken.yaml -vv', 10],
  ["record -o fabrics/plain --command 'show snmp notification host'", 0],
]

test('[G8] no command prints or stores a byte of any secret, in six encodings', { timeout: 240_000 }, async () => {
  const lab = await startLab(main)
  const ends = await runEverything(lab)
  const places = lab.written()
  expect(search(places, canariesOf(lab))).toEqual([])

  expect(canariesOf(lab)).toHaveLength(103)
  expect(Object.keys(ENCODINGS)).toHaveLength(6)
  expect(ends.length).toBeGreaterThan(90)
  // Not only refusals were looked at, and not only successes.
  expect(ends.filter(([, code]) => code === 0).length).toBeGreaterThan(60)
  expect([...new Set(ends.map(([, code]) => code))].sort((a, b) => a - b)).toEqual([0, 3, 4, 6, 9, 10, 12])
  expect(ends).toEqual(
    expect.arrayContaining([
      ...ENDS_OF_THE_REST,
      ['run p.plan -vv', 0],
      ['inventory show leaf1 --origin', 0],
      ['inventory list --ansible', 0],
      ['run workflows/from-vault.yaml -t leaf1 -vv', 0],
      [`plan workflows/vlan.yaml -p label=${lab.secret('a token in a header')}`, 3],
      ['run asking.yaml -vv', 0],
      ['run workflows/vlan.yaml -p vlan=152 -vv', 4],
      ['check try VerifyRunningConfigDiffs --output diffs.txt', 6],
      ['plan workflows/keeping.yaml', 3],
      ['run workflows/expected.yaml -t leaf1 -vv', 6],
      ['snapshot diff before --html diff.html', 0],
      ['approve whole.plan', 0],
      ['audit list', 0],
      ['store backup kept.db', 0],
      [`key rotate install --reason ${lab.env.CNRY_HTTP_KEY}`, 0],
      ['audit export --format otlp', 0],
      ['audit export --format jsonl --to audit.jsonl', 0],
    ]),
  )
  const files = [...places.keys()].filter((place) => !/^\d/.test(place))
  expect(files).toEqual(
    expect.arrayContaining([
      '.eosflow/store.db',
      'p.plan',
      'fabrics/plain/leaf1/running-config',
      'fabrics/plain/leaf1/recorded/show_snmp_notification_host.json',
      'audit.jsonl',
      'checks.csv',
      'checks.xml',
      'diff.html',
    ]),
  )
  expect(places.size).toBeGreaterThan(150)
  expect(total(places)).toBeGreaterThan(1_000_000)
})

test('the same search finds every secret, in every encoding, where nothing takes them out', {
  tags: 'night',
  timeout: 240_000,
}, async () => {
  const lab = await startLab(await unguardedMain())
  await runRevealing(lab)
  const found = search(lab.written(), canariesOf(lab))
  expect([...new Set(found.map(({ canary }) => canary))].sort()).toEqual(
    canariesOf(lab)
      .map(({ name }) => name)
      .sort(),
  )
  expect([...new Set(found.map(({ encoding }) => encoding))].sort()).toEqual(Object.keys(ENCODINGS).sort())
  const revealing = new Set(found.map(({ place }) => place.replace(/^\d+ /, '')))
  expect([...REVEALING].filter((place) => !revealing.has(place))).toEqual([])
})

/** What checks and comparisons say, in every form that they say it in: each of these shows a secret where nothing takes it out. */
const REVEALING = [
  'check run --json: stdout',
  'check run --by check -vv --csv checks.csv --junit checks.xml: stdout',
  'checks.csv',
  'checks.xml',
  'check run --markdown --hide success --since before --within 1s: stdout',
  'check try VerifyRunningConfigDiffs --output diffs.txt: stdout',
  'check try VerifyRunningConfigDiffs --output diffs.txt --json: stdout',
  'check try assert --inputs inputs.yaml --output with-secrets.cfg: stdout',
  'run workflows/expected.yaml -t leaf1 -vv: stdout',
  'run workflows/expected.yaml -t leaf1 -vv: stderr',
  'snapshot diff before --markdown: stdout',
  'diff.html',
]

/** Throws what HTTP clients throw, and warns, in the middle of whatever the process does. */
const CRASH = `process.on('SIGUSR2', () => {
  const { CNRY_TOKEN: token, CNRY_PASSWORD: password } = process.env
  process.emitWarning('deprecated ' + token)
  const basic = Buffer.from('admin:' + password).toString('base64')
  const error = Object.assign(new Error('boom ' + token), {
    config: { auth: { username: 'admin', password }, data: '{"input":"' + password + '"}' },
    request: { _header: 'POST /command-api HTTP/1.1\\r\\nAuthorization: Basic ' + basic },
  })
  setTimeout(() => { if (process.env.CRASH === 'rejection') Promise.reject(error); else throw error }, 50)
})`

test('[G8] nor does the built command: killed, resumed, and crashed by an error that nobody caught', {
  tags: 'night',
  timeout: 240_000,
}, async () => {
  const lab = await startLab(main)
  await exits(0, shipped(lab, 'plan workflows/vlan.yaml -o p.plan'))
  await exits(0, shipped(lab, 'approve p.plan'))
  const strike = { when: /leaf1: committed under its timer/, signal: 'SIGKILL' } as const
  expect(await shipped(lab, 'run p.plan -vv', { strike })).toMatchObject({ code: -1 })
  const files = lab.written()
  expect([...files.keys()]).toEqual(expect.arrayContaining(['.eosflow/store.db-wal', '.eosflow/store.db-shm']))
  expect(search(files, canariesOf(lab))).toEqual([])
  await exits(0, shipped(lab, 'resume -vv'))
  await shipped(lab, 'history @latest --json')

  writeFileSync(join(lab.secretsDir, 'crash.cjs'), CRASH)
  for (const way of ['exception', 'rejection']) {
    const nodeOptions = `--require ${join(lab.secretsDir, 'crash.cjs')}`
    await lab.fabric.fault({ device: 'leaf1', kind: 'slow', before: 1, command: '^show version' })
    const crashed = await shipped({ ...lab, env: { ...lab.env, CRASH: way } }, 'plan workflows/vlan.yaml -p vlan=171', {
      strike: { when: /Snapshot …/, signal: 'SIGUSR2' },
      nodeOptions,
    })
    expect(crashed).toMatchObject({ code: 1 })
    expect(crashed.err).toContain('! Warning: deprecated <redacted>')
    expect(crashed.err).toMatch(/unexpected error: boom <redacted>[\s\S]*Error: boom <redacted>\n {4}at /)
  }
  expect(search(lab.written(), canariesOf(lab))).toEqual([])
})
