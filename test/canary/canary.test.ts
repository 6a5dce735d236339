import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commands } from '../../src/cli/commands.ts'
import { main } from '../../src/cli/program.ts'
import { extent } from '../extent.ts'
import { type Canary, configCanaries } from './canaries.ts'
import { type Lab, startLab } from './lab.ts'
import { type Ends, runEverything, runRevealing } from './scenario.ts'
import { ENCODINGS, search } from './search.ts'
import { shipped } from './shipped.ts'
import { unguardedMain } from './unguarded.ts'

const canariesOf = (lab: Lab): readonly Canary[] => [...lab.secrets, ...configCanaries(1), ...configCanaries(2)]

const total = (places: ReadonlyMap<string, Buffer>): number =>
  [...places.values()].reduce((sum, { length }) => sum + length, 0)

/** How command lines end of the parts that `npm test` leaves out. */
const ENDS_OF_THE_WHOLE: Ends = [
  ['run p.plan -vv', 4],
  ['run workflows/fails.yaml -p vlan=150 -vv', 6],
  ['redrive @latest -vv', 6],
  ['run workflows/vlan.yaml -p vlan=151', 0],
  ['run refused.yaml -vv', 10],
  ['run broken.yaml -vv', 10],
  ['record -o fabrics/plain', 0],
]

test('no command prints or stores a byte of any secret, in six encodings', { timeout: 240_000 }, async () => {
  const lab = await startLab(main)
  const ends = await runEverything(lab)
  const places = lab.written()
  expect(search(places, canariesOf(lab))).toEqual([])

  expect(canariesOf(lab)).toHaveLength(97)
  expect(Object.keys(ENCODINGS)).toHaveLength(6)
  expect(ends.length).toBeGreaterThan(extent(80, 90))
  // Not only refusals were looked at, and not only successes.
  expect(ends.filter(([, code]) => code === 0).length).toBeGreaterThan(extent(50, 60))
  expect([...new Set(ends.map(([, code]) => code))].sort((a, b) => a - b)).toEqual([0, 3, 4, 6, 9, 10, 12])
  expect(ends).toEqual(
    expect.arrayContaining([
      ...extent<Ends>([], ENDS_OF_THE_WHOLE),
      ['run p.plan -vv', 0],
      ['inventory show leaf1 --origin', 0],
      ['inventory list --ansible', 0],
      ['plan workflows/from-vault.yaml -o from-vault.plan', 0],
      ['run workflows/from-vault.yaml -t leaf1 -vv', 0],
      [`plan workflows/vlan.yaml -p label=${lab.secret('a token in a header')}`, 3],
      ['run asking.yaml -vv', 0],
      ['run workflows/vlan.yaml -p vlan=152 -vv', 4],
      ['check run', 6],
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
      ...extent<readonly string[]>(
        [],
        ['fabrics/plain/leaf1/running-config', 'fabrics/more/leaf1/recorded/show_snmp_notification_host.json'],
      ),
      'audit.jsonl',
      'checks.csv',
      'checks.xml',
      'diff.html',
    ]),
  )
  expect(places.size).toBeGreaterThan(extent(160, 200))
  expect(total(places)).toBeGreaterThan(extent(700_000, 1_000_000))
})

/** Commands that are not run above, and why no secret can come out of them. */
const NOT_RUN: Readonly<Record<string, string>> = {
  completion: 'prints a script of the shell; what it offers are names',
  'inventory read': 'prints an inventory of another tool as that tool does, for whoever has its files and passwords',
  init: 'writes the example project',
  demo: 'runs on the example project, whose logins are invented',
  test: 'runs on simulated switches, whose logins are invented',
  rehearse: 'runs on simulated switches, whose logins are invented',
  'policy test': 'runs the table of the policy file',
  'policy retire': 'says who has retired which policy: its words are those of the record',
  'audit accept-clock': 'says two times',
  login: 'needs an identity provider: its tokens are searched for where it is tested',
  logout: 'needs an identity provider: its tokens are searched for where it is tested',
  serve: 'answers until it is stopped: what it answers is scrubbed in one place, which its own tests search',
  drain: 'needs workers: says which of them drain',
  'store check': 'needs a server of PostgreSQL: says how that is set',
  'store init': 'needs a server of PostgreSQL: what it prints are statements with names of roles',
  'store migrate': 'needs a server of PostgreSQL: says numbers of layouts',
  worker: 'drives what the commands above begin; what it records is what they record',
  workers: 'needs a server of PostgreSQL: names of workers, and when they were heard last',
  'store accept-loss': 'needs a server of PostgreSQL: says numbers of records and names of executions',
  'store move': 'needs a server of PostgreSQL: what it copies is what is in the store, which is searched',
  'sim start': 'serves a fabric, whose logins are invented',
  'sim status': 'asks the simulator',
  'sim fault': 'asks the simulator',
  mcp: 'its tools answer what commands above and routes of the server do; test/mcp/hostile.test.ts looks for secrets in them',
  'notify deliver': 'sends what the record has; test/app/notify looks for secrets in what targets are sent',
  'schedule list': 'says what the settings and the record have',
  'schedule run': 'does what commands above do, and says what the record has',
}

test('every command is looked at, or has a reason why not', () => {
  const scenario = readFileSync(new URL('scenario.ts', import.meta.url), 'utf8')
  const names = commands.map(({ usage }) => usage.replace(/ [[<].*/, ''))
  const missing = names.filter((name) => !new RegExp(`['\`]${name}(?:[ '\`])`).test(scenario))
  expect(names.length).toBeGreaterThan(40)
  expect(missing.sort()).toEqual(Object.keys(NOT_RUN).sort())
})

test('the same search finds every secret, in every encoding, where nothing takes them out', {
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
  'check run: stdout',
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
  'snapshot diff before --html -: stdout',
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

test('nor does the built command: killed, resumed, and crashed by an error that nobody caught', {
  timeout: 240_000,
}, async () => {
  const lab = await startLab(main)
  expect(await shipped(lab, 'plan workflows/vlan.yaml -o p.plan')).toMatchObject({ code: 0 })
  expect(await shipped(lab, 'approve p.plan')).toMatchObject({ code: 0 })
  const strike = { when: /leaf1: committed under its timer/, signal: 'SIGKILL' } as const
  expect(await shipped(lab, 'run p.plan -vv', { strike })).toMatchObject({ code: -1 })
  const files = lab.written()
  expect([...files.keys()]).toEqual(expect.arrayContaining(['.eosflow/store.db-wal', '.eosflow/store.db-shm']))
  expect(search(files, canariesOf(lab))).toEqual([])
  expect(await shipped(lab, 'resume -vv')).toMatchObject({ code: 0 })
  await shipped(lab, 'history @latest --json')

  writeFileSync(join(lab.secretsDir, 'crash.cjs'), CRASH)
  for (const way of extent(['exception'], ['exception', 'rejection'])) {
    const nodeOptions = `--require ${join(lab.secretsDir, 'crash.cjs')}`
    await lab.fabric.fault({ device: 'leaf1', kind: 'slow', before: 1, command: '^show version' })
    const crashed = await shipped({ ...lab, env: { ...lab.env, CRASH: way } }, 'plan workflows/vlan.yaml -p vlan=171', {
      strike: { when: /Snapshot …/, signal: 'SIGUSR2' },
      nodeOptions,
    })
    expect(crashed).toMatchObject({ code: 1 })
    expect(crashed.err).toContain('warning: Warning: deprecated <redacted>')
    expect(crashed.err).toMatch(/unexpected error: boom <redacted>[\s\S]*Error: boom <redacted>\n {4}at /)
  }
  expect(search(lab.written(), canariesOf(lab))).toEqual([])
})
