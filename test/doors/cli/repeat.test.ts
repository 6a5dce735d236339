import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { parseSelector } from '../../../src/change/inventory/selector.ts'
import { sayRepeat } from '../../../src/doors/cli/outcome/repeat.ts'
import { silentIo } from '../../../src/doors/cli/thread/silent-io.ts'
import { commands } from '../../../src/doors/cli/usage/commands.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { everyNth } from '../../extent.ts'
import { exits, inventoryOf, type Lab, type LabOptions, openLab, workflowFor } from '../../lab/lab.ts'

/** What the next step of a command is that could not do its work on some of its switches. */
type Row =
  /** What it did on the others is done: the line does it on those alone. `argv` is typed while leaf3 is away. */
  | {
      readonly repeats: readonly string[]
      /** The line, where leaf1 and leaf3 were meant and leaf3 was away. */
      readonly line: string
      /** What is typed before, while all are there. */
      readonly before?: readonly string[]
    }
  /** A change is made on all or on none: it is started again as one. */
  | 'redrives'
  /** Why it says no such line. */
  | { readonly why: string }

const NO_SWITCH: Row = { why: 'asks no switch' }
const ONE_SWITCH: Row = { why: 'is about one switch' }
const SIMULATED: Row = { why: 'its switches are simulated, and none of them is away' }
const OWN_EXECUTION: Row = { why: 'is about one execution, whose end says what comes next as that of `run` does' }
const OTHERS_SAY: Row = { why: 'each execution that it begins says what comes next, on record' }
const WHOLE: Row = { why: 'gives one result of all switches or none: a part of it is another one' }
const LONG = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, NO_SWITCH]))

const MEANT = ['-t', 'leaf1,leaf3']

/** Every command of the command line. */
const ROWS: Readonly<Record<string, Row>> = {
  plan: {
    repeats: ['workflow.yaml', ...MEANT, '--skip-unreachable', '-o', 'two.plan', '--inventory-age', '1h'],
    line: 'eosflow plan workflow.yaml -t leaf3 --inventory-age 1h',
  },
  run: {
    repeats: ['workflow.yaml', ...MEANT, '--skip-unreachable', '--no-wait'],
    line: 'eosflow plan workflow.yaml -t leaf3',
  },
  change: {
    repeats: ['vlan 3999', ...MEANT, '--skip-unreachable', '-o', 'two.plan'],
    line: "eosflow change 'vlan 3999' -t leaf3",
  },
  ask: {
    repeats: ['show hostname', 'show vlan | include 110', ...MEANT, '--by', 'switch', '--exact', '--save', 'kept it'],
    line: "eosflow ask 'show hostname' 'show vlan | include 110' -t leaf3 --by switch --exact --save 'kept it'",
  },
  facts: { repeats: ['-t', '@two.txt'], line: 'eosflow facts -t leaf3' },
  'inventory check': {
    repeats: [...MEANT, '--serial', 'sn'],
    line: 'eosflow inventory check -t leaf3 --serial sn',
  },
  'config backup': {
    repeats: ['kept', ...MEANT, '--secrets', 'redact'],
    line: 'eosflow config backup kept -t leaf3 --secrets redact',
  },
  adopt: { repeats: ['leaf1 or leaf3'], line: 'eosflow adopt leaf3' },
  'sessions list': { repeats: MEANT, line: 'eosflow sessions list -t leaf3' },
  'sessions gc': {
    repeats: [...MEANT, '--all-eosflow', '--accept-fewer'],
    line: 'eosflow sessions gc -t leaf3 --all-eosflow --accept-fewer',
  },
  doctor: { repeats: MEANT, line: 'eosflow doctor -t leaf3' },
  drift: {
    before: ['snapshot', 'take'],
    repeats: [...MEANT, '--detailed-exitcode'],
    line: 'eosflow drift -t leaf3 --detailed-exitcode',
  },
  comply: {
    before: ['snapshot', 'take'],
    repeats: [...MEANT, '--detailed-exitcode'],
    line: 'eosflow comply -t leaf3 --detailed-exitcode',
  },
  recover: { repeats: ['--scan', ...MEANT], line: 'eosflow recover -t leaf3 --scan' },
  'snapshot take': { repeats: ['two', ...MEANT], line: 'eosflow snapshot take -t leaf3' },
  'check run': {
    repeats: ['checks.yaml', ...MEANT, '--only', 'reachable', '--within', '2s', '--by', 'check'],
    line: 'eosflow check run checks.yaml -t leaf3 --only reachable --within 2s --by check',
  },
  'check invariants': { repeats: MEANT, line: 'eosflow check invariants -t leaf3' },
  'config restore': 'redrives',
  rollback: {
    why: 'is refused before it begins where one is silent: nothing was begun, and the same line is typed again',
  },
  redrive: OWN_EXECUTION,
  resume: OWN_EXECUTION,
  watch: OWN_EXECUTION,
  stop: OWN_EXECUTION,
  suspend: OWN_EXECUTION,
  'schedule run': OTHERS_SAY,
  serve: OTHERS_SAY,
  mcp: OTHERS_SAY,
  worker: OTHERS_SAY,
  record: WHOLE,
  'snapshot diff': WHOLE,
  'release-device': ONE_SWITCH,
  'audit accept-clock': { why: 'accepts a clock by what most switches say, whichever of them answer' },
  demo: SIMULATED,
  test: SIMULATED,
  rehearse: SIMULATED,
  'sim start': SIMULATED,
  'sim status': SIMULATED,
  'sim fault': SIMULATED,
  'sim learn': SIMULATED,
  'states run': { why: 'its tasks are mocked' },
  ...LONG('init', 'validate', 'schema', 'completion', 'show', 'approve', 'reject', 'approval key', 'approval verify'),
  ...LONG('inventory list', 'inventory show', 'inventory graph', 'inventory refresh', 'inventory read', 'plan queue'),
  ...LONG('plans', 'policy init', 'trust add'),
  ...LONG('executions', 'history', 'workers', 'drain', 'freeze', 'unfreeze', 'signal', 'snapshot list'),
  ...LONG('snapshot show', 'check list', 'check show', 'check try', 'policy test', 'policy retire', 'policy explain'),
  ...LONG('policy input', 'publish', 'bundle list', 'bundle show', 'bundle diff', 'audit list', 'audit verify'),
  ...LONG('audit export', 'audit key', 'notify deliver', 'notify test', 'schedule list', 'schedule end', 'key list'),
  ...LONG('key show', 'key rotate', 'trust project', 'store id', 'store backup', 'store restore', 'store accept-loss'),
  ...LONG('store seal', 'store move', 'store init', 'store check', 'store migrate', 'login', 'logout', 'whoami'),
  ...LONG('states validate', 'config diff', 'config merge', 'config normalize', 'config redact'),
  ...LONG('comment github', 'comment gitlab', 'ci init'),
}

const repeating = Object.entries(ROWS).flatMap(([name, row]) =>
  typeof row === 'object' && 'repeats' in row ? [{ name, ...row }] : [],
)

/** A project in which each of these commands has something to do. */
function project(given: LabOptions = {}) {
  const options: LabOptions = {
    ...given,
    workflow: workflowFor('leaf1 or leaf3'),
    files: {
      'two.txt': 'leaf1\nleaf3\n',
      'checks.yaml': '- reachable\n',
      'invariants/names.yaml': 'invariants:\n  - { name: n, each: vlan 110, must: name *, because: it is so }\n',
    },
  }
  const lab = openLab(options)
  const { devices, ...rest } = JSON.parse(inventoryOf(lab.fabric)) as { devices: Record<string, object> }
  const serials: Readonly<Record<string, string>> = { leaf1: 'JPE21310201', leaf3: 'JPE21310203' }
  const marked = Object.entries(devices).map(([name, one]) => [
    name,
    { ...one, lab: true, ...(serials[name] === undefined ? {} : { vars: { sn: serials[name] } }) },
  ])
  lab.write('inventory.yaml', JSON.stringify({ ...rest, devices: Object.fromEntries(marked) }))
  return lab
}

/** The words of a line, by a shell. */
function wordsOf(line: string) {
  return execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1)
}

const counted = (lab: Lab) => new Map(lab.fabric.devices.map((device) => [device.name, device.requests().length]))

/** The line that a person pastes: the last one. */
const lastLine = (text: string) => /^Next: (.*)\n$/m.exec(`${text.trimEnd().split('\n').at(-1)}\n`)?.[1] ?? text

async function typed(lab: Lab, argv: readonly string[]) {
  const before = counted(lab)
  const ended = await lab.agreed(...argv)
  const reached = lab.fabric.devices.filter((device) => device.requests().length > (before.get(device.name) ?? 0))
  return { ...ended, reached: reached.map(({ name }) => name) }
}

describe('a command that could not do its work on some switches', () => {
  test('has a row: a line that repeats it for those alone, or why there is none', () => {
    const names = commands.map(({ usage }) => usage.replace(/ [<[].*$/, ''))
    expect(Object.keys(ROWS).toSorted()).toEqual(names.toSorted())
    expect(names.length).toBeGreaterThanOrEqual(106)
    expect(repeating.length).toBeGreaterThanOrEqual(16)
    // Whatever takes `-t` is about several switches: that it is about one, or about one execution, is no reason.
    const selecting = commands.flatMap(({ usage, options = [] }) =>
      options.some(({ flags }) => flags.startsWith('-t, ')) ? [usage.replace(/ [<[].*$/, '')] : [],
    )
    expect(selecting.length).toBeGreaterThanOrEqual(25)
    const ofOne: readonly (Row | undefined)[] = [ONE_SWITCH, OWN_EXECUTION]
    expect(selecting.filter((name) => ofOne.includes(ROWS[name]))).toEqual([])
  })

  test.each(everyNth(4, 'commands that repeat their line', repeating))(
    '$name: the line is valid, and reaches those alone',
    async ({ name, repeats, line, before }) => {
      const lab = project()
      if (before !== undefined) await lab.ok(...before)
      lab.fault({ device: 'leaf3', kind: 'unreachable' })
      const first = await typed(lab, [...name.split(' '), ...repeats])
      expect(first.code, first.out + first.err).not.toBe(0)
      expect(first.reached).toContain('leaf1')
      expect(lastLine(first.out)).toBe(line)
      lab.clearFaults()
      const [program, ...argv] = wordsOf(line)
      expect(program).toBe('eosflow')
      const again = await exits(0, typed(lab, argv))
      expect(again.err).toEqual(expect.not.stringContaining('problem'))
      expect(again.reached).toEqual(['leaf3'])
    },
  )

  test.each([
    ['prove', ['--prove', 'lock'], 'eosflow doctor -t leaf3 --prove lock'],
    ['conformance', ['--conformance', '--record', 'kit'], 'eosflow doctor -t leaf3 --conformance --record kit'],
  ])('doctor --%s says it as well', { tags: ['long', 'turn'] }, async (_what, flags, line) => {
    const lab = project({ mayRunExec: true })
    lab.fault({ device: 'leaf3', kind: 'unreachable' })
    const { out } = await exits(10, typed(lab, ['doctor', ...MEANT, ...flags]))
    expect(lastLine(out)).toEqual(line)
  })

  test.each(
    everyNth(2, 'commands that are started again', [
      ['run', ['run', 'workflow.yaml']],
      ['config restore', ['config', 'restore', 'kept']],
    ]),
  )('%s: what was refused for all is started again', async (_name, argv) => {
    const lab = project()
    await lab.ok('config backup kept', ...MEANT, '--secrets', 'keep')
    if (argv[0] !== 'run') await exits(0, lab.agreed('run workflow.yaml'))
    lab.fault({ device: 'leaf3', kind: 'unreachable' })
    const { out, err } = await exits(10, typed(lab, argv))
    expect(lastLine(out), err).toMatch(/^eosflow redrive 2026\S+$/)
    lab.clearFaults()
    const again = await exits(0, typed(lab, wordsOf(lastLine(out)).slice(1)))
    expect(again.reached).toEqual(expect.arrayContaining(['leaf1', 'leaf3']))
  })

  test('what a person does about it is said once, before the line', () => {
    const said: string[] = []
    const command = commands.find(({ usage }) => usage.startsWith('ask'))
    if (command === undefined) throw new Error('there is no ask')
    const hint = 'Set EOSFLOW_RW where eosflow runs.'
    const failure = new EosflowError('secret', 'the environment variable EOSFLOW_RW is not set', { hint })
    const io = { ...silentIo('.'), out: (text: string) => void said.push(text) }
    sayRepeat(
      { command, args: ['show version'], options: {}, global: { json: false, verbose: 0 } as never, io: io },
      { failed: ['a', 'b'], of: 2, results: [{ name: 'a', failure }, { name: 'b', failure }, { name: 'c' }] },
    )
    expect(said).toEqual([`  ${hint}\n`, "Next: eosflow ask 'show version'\n"])
  })

  test('where all of them failed they are those that were typed', async () => {
    const lab = project()
    for (const { name } of lab.fabric.devices) lab.fault({ device: name, kind: 'unreachable' })
    expect(lastLine((await lab.eosflow('facts')).out)).toBe('eosflow facts')
    expect(lastLine((await lab.eosflow('facts --limit @two.txt')).out)).toBe('eosflow facts -t @two.txt')
    expect(lastLine((await lab.eosflow('adopt leaf*')).err)).toContain('refused')
  })

  test.each([
    ['--json', ['facts', ...MEANT, '--json'], 'eosflow facts -t leaf3 --json'],
    ['--csv', ['facts', ...MEANT, '--csv'], 'eosflow facts -t leaf3 --csv'],
    [
      '--markdown',
      ['check', 'run', 'checks.yaml', '--markdown', ...MEANT],
      'eosflow check run checks.yaml -t leaf3 --markdown',
    ],
  ])('with %s it says the line beside the document', async (_flag, argv, line) => {
    const lab = project()
    lab.fault({ device: 'leaf3', kind: 'unreachable' })
    const { out, err } = await lab.eosflow(...argv)
    expect(out).not.toContain('Next:')
    expect(lastLine(err)).toBe(line)
  })

  test('what a person chose for all commands stays as well', async () => {
    const lab = project()
    lab.fault({ device: 'leaf3', kind: 'unreachable' })
    const { out } = await lab.eosflow('-C . --insecure-tls facts', ...MEANT, '--store', 'a b.db', '-vv')
    expect(lastLine(out)).toBe("eosflow facts -t leaf3 -C . --store 'a b.db' --insecure-tls -vv")
  })

  test('two hundred names of the longest kind are a line that a shell takes, and `-t` too', () => {
    const names = Array.from({ length: 200 }, (_, index) => `${'n'.repeat(61)}${index + 100}`)
    const said: string[] = []
    const io = { ...silentIo('.'), out: (text: string) => void said.push(text) }
    const command = { usage: 'facts', options: [{ flags: '-t, --target <expr>' }] }
    const invocation = {
      io,
      args: [],
      options: {},
      global: { json: false, askPassword: false, insecureTls: false, verbose: 0 },
      command,
    }
    sayRepeat(invocation, { failed: names, of: 201 })
    const words = wordsOf(lastLine(said.join('')))
    expect(words.slice(0, 3)).toEqual(['eosflow', 'facts', '-t'])
    const parsed = parseSelector(words[3] ?? '')
    expect(parsed.ok && parsed.value.kind === 'or' ? parsed.value.operands.length : parsed).toBe(200)
    expect(said.join('').length).toBeLessThan(131_072)
  })

  test('an argument that begins with a dash is one again', () => {
    const said: string[] = []
    const io = { ...silentIo('.'), out: (text: string) => void said.push(text) }
    const command = { usage: 'ask <commands...>', options: [{ flags: '-t, --target <expr>' }] }
    const global = { json: false, askPassword: false, insecureTls: false, verbose: 0 }
    sayRepeat({ io, args: ['-x', "it's"], options: {}, global, command }, { failed: ['a'], of: 2 })
    expect(wordsOf(lastLine(said.join('')))).toEqual(['eosflow', 'ask', '-t', 'a', '--', '-x', "it's"])
  })
})
