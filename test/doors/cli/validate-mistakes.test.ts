import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, realpathSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { confinedFiles } from '../../../src/project/system/machine/confined-file.ts'
import { absenceWords, absentProblem, filesBeside } from '../../../src/text/source/files.ts'
import { everyNth } from '../../extent.ts'
import { DC1, exits, fileText, inProcess, shows, temporaryFolder } from '../../lab/lab.ts'
import { newProject } from './eosflow.ts'

/** A good workflow: each mistake is one replacement in it. */
const GOOD = `name: w
params:
  vlan: { type: integer, minimum: 2, maximum: 4094, example: 140 }
  label: { type: string, example: PROD }
  port: { type: interface, default: Ethernet5 }
  nets: { type: list, items: { type: ipPrefix }, default: [10.0.0.0/8] }
targets: role:leaf
change:
  lines:
    - vlan {{ vlan }}
    - '   name {{ label | upper }}'
    - 'interface {{ port }}'
    - '   description {{ device.name }}'
rollout: { waves: [1, 100%], maxFailures: 0 }
steps:
  - snapshot: { state: [interfaces, vlan] }
  - plan
  - approve: { expires: 4h }
  - push: { confirmWithin: 10m }
  - verify: { within: 3m, checks: [interfaces-up, vlans-present: { vlans: ['{{ vlan }}'] }] }
  - confirm
`

/** The change and the checks of the good workflow, where all of one is replaced. */
const CHANGE = GOOD.slice(GOOD.indexOf('  lines:'), GOOD.indexOf('rollout:'))
const CHECKS = GOOD.slice(GOOD.indexOf('checks:'), GOOD.indexOf(' }\n  - confirm'))

/** What is replaced, what it is replaced with, and the line and column of the workflow at which it is found. */
const MISTAKES: readonly (readonly [string, string, number, number])[] = [
  // names
  ['{{ vlan }}\n', '{{ vlam }}\n', 10, 15],
  ['{{ label | upper }}', '{{ lable | upper }}', 11, 19],
  ['{{ port }}', '{{ prot }}', 12, 21],
  ['{{ device.name }}', '{{ devise.name }}', 13, 26],
  ['{{ device.name }}', '{{ device.nam }}', 13, 33],
  ['{{ device.name }}', '{{ device.hots }}', 13, 33],
  ["'{{ vlan }}'", "'{{ vlam }}'", 20, 80],
  ["'{{ vlan }}'", "'{{ device.name }}'", 20, 76],
  ['name: w', 'nam: w', 1, 1],
  ['targets:', 'target:', 7, 1],
  ['rollout:', 'rolout:', 14, 1],
  ['maxFailures', 'maxFailure', 14, 30],
  ['confirmWithin', 'confirmWithn', 19, 13],
  ['within:', 'witin:', 20, 15],
  ['checks:', 'check:', 20, 27],
  ['interfaces-up', 'interface-up', 20, 36],
  ['vlans-present', 'vlan-present', 20, 51],
  ['vlans: [', 'vlan: [', 20, 68],
  ['expires', 'expire', 18, 16],
  ['  - confirm', '  - confrim', 21, 5],
  ['  - plan', '  - plann', 17, 5],
  ['state: [interfaces', 'state: [interface', 16, 25],
  // words of EOS
  ['- vlan {{ vlan }}', '- ntp serer 10.0.0.1', 10, 11],
  ['   description', '   descripton', 13, 11],
  ["'interface {{ port }}'", "'inteface {{ port }}'", 12, 8],
  // blanks of other keyboards
  ['- vlan {{ vlan }}', '- ntp\u3000server 10.0.0.1', 10, 10],
  ['- vlan {{ vlan }}', '- ntp server\u300010.0.0.1', 10, 17],
  ['- vlan {{ vlan }}', '- vlan\u00a0{{ vlan }}', 10, 11],
  ['- vlan {{ vlan }}', '- ntp server {{ vlan }}\u00a0prefer', 10, 28],
  ["'   name {{ label | upper }}'", "'   name\u2003{{ label | upper }}'", 11, 15],
  // tags and switches
  ['{{ device.name }}', '{{ device.tags.rak }}', 13, 38],
  ['{{ device.name }}', '{{ device.tags.uplink }}', 13, 38],
  ['{{ device.name }}', '{{ device.tags["sit"] }}', 13, 37],
  ['role:leaf', 'role:leef', 7, 10],
  ['role:leaf', 'rol:leaf', 7, 10],
  ['role:leaf', 'leaf9', 7, 10],
  ['role:leaf', 'role:leaf and', 7, 23],
  // files
  ['lines:\n', 'template: templates/no.j2\n  lines:\n', 8, 1],
  [CHANGE, '  template: templates/no.j2\n', 9, 13],
  [CHANGE, "  mode: replace\n  file: 'intended/{{ device.name }}.cfg'\n", 10, 10],
  [CHANGE, "  mode: replace\n  file: 'intended/{{ device.tags.sit }}.cfg'\n", 10, 34],
  [CHANGE, "  file: '../../{{ device.name }}.cfg'\n", 9, 10],
  // filters and tests
  ['label | upper', 'label | uper', 11, 27],
  ['label | upper', 'label | ansible.utils.ipadr', 11, 27],
  ['label | upper', 'label is arista.avd.define', 11, 28],
  ['label | upper', 'label is definde', 11, 28],
  ['label | upper', 'label | int | no_such', 11, 33],
  ['label | upper', 'label | upper(1)', 11, 27],
  ['label | upper', 'label | int(bas=16)', 11, 27],
  ['label | upper', "lookup('env', label)", 11, 27],
  ['label | upper', 'label | random', 11, 27],
  ['label | upper', 'label |', 11, 27],
  ['label | upper', 'label + 1', 11, 25],
  ['{{ device.name }}', '{{ device.name', 13, 33],
  ['{{ device.name }}', '{% if vlan %}x', 13, 26],
  ['{{ device.name }}', '{{ nets[3] }}', 13, 30],
  [CHECKS, "expect: { vlan: { added: ['{{ devise.name }}'] } }", 20, 57],
  [CHECKS, "expect: { vlan: { added: ['{{ vlam }}'] }, everythingElse: unchanged }", 20, 57],
  [CHECKS, "checks: [vlans-present: { vlans: [10, '{{ vlan | ad }}'] }]", 20, 76],
  [CHECKS, "checks: [vlans-present: { vlans: ['{{ label }}'] }]", 20, 61],
  // rollout
  ['waves: [1, 100%]', 'waves: [1, 100%], keepApart: malg', 14, 41],
  ['waves: [1, 100%]', 'waves: [1, 100%], keepApart: no-such-tag', 14, 41],
  ['waves: [1, 100%]', 'waves: [1, 100%], canary: { switches: 9 }', 14, 50],
  // types
  ['type: integer', 'type: intger', 3, 17],
  ['minimum: 2', 'minimum: two', 3, 35],
  ['minimum: 2, maximum: 4094, example: 140', 'minimum: 4094, maximum: 2', 3, 35],
  ['items: { type: ipPrefix }, default: [10.0.0.0/8]', 'items: { type: integer, minimum: 9, maximum: 3 }', 6, 56],
  ['items: { type: ipPrefix }', 'items: { type: ipPrefix }, minItems: 3, maxItems: 2', 6, 60],
  ['items: { type: ipPrefix }, default: [10.0.0.0/8]', "items: { type: string, pattern: '[a-z' }", 6, 56],
  ['type: string, example: PROD', 'type: string, enum: [DC, LONGER], maxLength: 3', 4, 37],
  ['example: 140', 'example: 5000', 3, 62],
  ['example: 140', "example: '140'", 3, 62],
  ['type: string, example: PROD', "type: string, pattern: '[A-Z', example: PROD", 4, 36],
  ['type: string, example: PROD', "type: string, pattern: '[a-z]+', example: PROD", 4, 54],
  ['default: Ethernet5', 'default: Eth5', 5, 37],
  ['default: Ethernet5', 'default: Ethernet05', 5, 37],
  ['default: Ethernet5', 'default: Vlan0', 5, 37],
  ['default: Ethernet5', 'default: Vlan4095', 5, 37],
  ['default: [10.0.0.0/8]', 'default: [10.0.0.1/8]', 6, 60],
  ['default: [10.0.0.0/8]', 'default: 10.0.0.0/8', 6, 59],
  // exec words
  ['vlan {{ vlan }}\n', 'reload now\n', 10, 7],
  ['vlan {{ vlan }}\n', 'write memory\n', 10, 7],
  ['vlan {{ vlan }}\n', 'clear counters\n', 10, 7],
  ['vlan {{ vlan }}\n', 'bash rm -rf /\n', 10, 7],
  // timers
  ['confirmWithin: 10m', 'confirmWithin: 1m', 19, 28],
  ['confirmWithin: 10m', 'confirmWithin: 10', 19, 28],
  ['within: 3m', 'within: 20m', 19, 28],
  ['waves: [1, 100%]', 'waves: [1, 1, 1, 1]', 19, 28],
  ['waves: [1, 100%], maxFailures: 0', 'waves: [1, 100%], canary: { switches: 1, soak: 15m }', 19, 28],
  ['within: 3m', 'within: 20s, stableFor: 30s', 20, 39],
  ['waves: [1, 100%]', 'waves: [0]', 14, 20],
  ['expires: 4h', 'expires: 4hours', 18, 25],
]

interface Found {
  readonly message: string
  readonly at: { readonly file: string; readonly line: number; readonly column: number }
}

/** The problems of an answer, whether it is a validation without any or an error that holds them. */
function problemsIn(stdout: string): readonly Found[] {
  const answer = JSON.parse(stdout)
  const found = answer.problems ?? answer.error?.problems
  if (found === undefined) throw new Error(stdout)
  return found
}

describe('validate', () => {
  test(`[G68] [U2] finds each of ${MISTAKES.length} mistakes at its line and column, and none in the workflow without them`, {
    tags: 'long',
  }, async () => {
    const dir = await newProject()
    expect(MISTAKES.length).toBeGreaterThanOrEqual(76)
    const told: (readonly [string, readonly string[]])[] = []
    const all = [['', '', 0, 0] as const, ...MISTAKES]
    for (const [index, [from, to]] of all.entries()) {
      const text = GOOD.replace(from, () => to)
      if (from !== '') expect(text).not.toBe(GOOD)
      writeFileSync(join(dir, `workflows/w${index}.yaml`), text)
    }
    const files = all.map((_, index) => `workflows/w${index}.yaml`)
    for (const [index, file] of files.entries()) {
      const { stdout } = await inProcess(['validate', file, '--json'], dir)
      const problems = problemsIn(stdout).map(({ at }) => `${at.file} ${at.line}:${at.column}`)
      told.push([`${all[index]?.[0]} -> ${all[index]?.[1]}`, problems])
    }
    const wrong = told.filter(([, places], index) => {
      const [, , line, column] = all[index] ?? []
      return line === 0 ? places.length > 0 : !places.includes(`${files[index]} ${line}:${column}`)
    })
    expect(wrong).toEqual([])
  })

  test('finds none in the bundled workflows, nor where workers drive with their usual term', async () => {
    const dir = await newProject()
    const workers = 'store: postgres://eosflow@127.0.0.1/eosflow\nworkers: { dispatch: dbos }\n'
    writeFileSync(join(dir, 'eosflow.yaml'), `${fileText(dir, 'eosflow.yaml')}${workers}`)
    cpSync(fileURLToPath(new URL('../../../workflows', import.meta.url)), join(dir, 'workflows'), {
      recursive: true,
      filter: (path) => !path.includes('tests'),
    })
    // The one that replaces whole configurations needs those that a pipeline would have written.
    for (const name of ['spine1', 'spine2', 'leaf1', 'leaf2', 'leaf3', 'leaf4'])
      cpSync(join(DC1, name, 'running-config'), join(dir, `intended/${name}.cfg`))
    const { stdout } = await inProcess('validate --json', dir)
    const problems = problemsIn(stdout)
    const { files = [] } = JSON.parse(stdout) as { files?: { kind: string }[] }
    expect(problems).toEqual([])
    expect(files.filter(({ kind }) => kind === 'workflow')).toHaveLength(17)
  })

  test('finds that there is no file for any switch, as one problem at its path', async () => {
    const dir = await newProject()
    const workflow = GOOD.replace(CHANGE, () => "  mode: replace\n  file: 'intended/{{ device.name }}.cfg'\n")
    // Neither a value of this parameter nor what is asked of it decides where the files are.
    writeFileSync(join(dir, 'workflows/whole.yaml'), workflow.replace('example: PROD', "pattern: 'Z{9}'"))
    const { stdout } = await exits(3, inProcess('validate workflows/whole.yaml --json', dir))
    expect(problemsIn(stdout)).toEqual([
      {
        code: 'no-such-file',
        message:
          'of the 4 files that `intended/{{ device.name }}.cfg` names none is there: there is no file workflows/intended/leaf1.cfg and no file intended/leaf1.cfg',
        at: { file: 'workflows/whole.yaml', line: 10, column: 10 },
        hint: 'write them, or let your pipeline write them before you plan',
      },
    ])
  })

  test('[U2] finds the file that one switch of several lacks', async () => {
    const dir = await newProject()
    const workflow = GOOD.replace(
      /change:[\s\S]*rollout/,
      "change: { mode: replace, file: 'intended/{{ device.name }}.cfg' }\nrollout",
    )
    const file = join(dir, 'workflows/whole.yaml')
    writeFileSync(file, workflow)
    for (const name of ['leaf1', 'leaf2', 'leaf3']) {
      const path = join(dir, `intended/${name}.cfg`)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, `hostname ${name}\nvlan 5\n`)
    }
    const { stdout } = await inProcess('validate workflows/whole.yaml --json', dir)
    const problems = problemsIn(stdout)
    expect(problems.map(({ message, at }) => [at.line, at.column, message])).toEqual([
      [8, 33, 'there is no file workflows/intended/leaf4.cfg and no file intended/leaf4.cfg'],
    ])
  })
})

const folder = () => realpathSync(temporaryFolder())

/** The files that a new project has not. */
const ADDED: Readonly<Record<string, string>> = {
  'policy.yaml': 'version: 1\n',
  'trust/allowed_signers': '',
  'checks.yaml': '- reachable\n',
}

/** A file of a new project is moved out of it, and a link to it takes its place. */
async function movedOut(file: string) {
  const dir = folder()
  await exits(0, inProcess(['init', dir], dir))
  const added = ADDED[file]
  mkdirSync(dirname(join(dir, file)), { recursive: true })
  if (added !== undefined) writeFileSync(join(dir, file), added)
  const outside = join(folder(), 'moved')
  renameSync(join(dir, file), outside)
  symlinkSync(outside, join(dir, file))
  return dir
}

/** Each kind of file that a command reads, and what is said of it when it is a link out of the project. */
const OUT: readonly (readonly [string, readonly string[], string])[] = [
  [
    'inventory.yaml',
    ['plan workflows/add-vlan.yaml -p vlan=120 -p label=A'],
    'inventory.yaml:1:1: this path leads outside the project',
  ],
  ['inventory.yaml', ['validate'], 'inventory.yaml:1:1: this path leads outside the project'],
  ['inventory.yaml', ['sim start'], 'inventory.yaml:1:1: this path leads outside the project'],
  ['checks.yaml', ['validate'], 'checks.yaml:1:1: this path leads outside the project'],
  ['workflows/add-vlan.yaml', ['validate'], 'workflows/add-vlan.yaml:1:1: this path leads outside the project'],
  ['tests/add-vlan.test.yaml', ['test'], 'tests/add-vlan.test.yaml:1:1: this path leads outside the project'],
  ['policy.yaml', ['validate'], 'policy.yaml:1:1: this path leads outside the project'],
  ['policy.yaml', ['policy test'], 'policy.yaml:1:1: this path leads outside the project'],
  [
    'policy.yaml',
    ['policy explain task.push'],
    'cannot be read from inside the project: the file leads outside the project',
  ],
  ['trust/allowed_signers', ['validate'], 'cannot be read from inside the project: the file leads outside the project'],
  ['fabrics/dc1/fabric.yaml', ['sim start'], 'fabric.yaml:1:1: this path leads outside the fabric folder'],
  [
    'fabrics/dc1/leaf1/running-config',
    ['validate'],
    'the configuration `leaf1/running-config` leads outside the project',
  ],
]

describe('a link out of the project is called one', () => {
  test.each(everyNth(3, 'links out of the project', OUT))('[D7] %s: %j', async (file, argv, said) => {
    const dir = await movedOut(file)
    const { stderr, stdout } = await shows(3, inProcess(argv, dir), said)
    expect(`${stderr}${stdout}`).not.toMatch(/there is no|is not there/)
  })
})

describe('why a file is not given', () => {
  /** With the rights of nobody, where the tests run as root. */
  function asNobody<T>(look: () => T) {
    if (process.getuid?.() !== 0) return look()
    process.seteuid?.(65_534)
    try {
      return look()
    } finally {
      process.seteuid?.(0)
    }
  }

  const missing = { code: 'no-such-file', message: 'there is no such file', at: { file: 'w', line: 1, column: 1 } }

  test('[D7] is said for each reason', () => {
    const dir = folder()
    chmodSync(dir, 0o755)
    mkdirSync(join(dir, 'own/sub'), { recursive: true })
    writeFileSync(join(dir, 'there'), 'x')
    writeFileSync(join(dir, 'own/closed'), 'x', { mode: 0o000 })
    mkdirSync(join(dir, 'own/shut'), { mode: 0o700 })
    writeFileSync(join(dir, 'own/shut/in'), 'x')
    chmodSync(join(dir, 'own/shut'), 0o000)
    symlinkSync('../there', join(dir, 'own/out'))
    symlinkSync('nowhere', join(dir, 'own/dangling'))
    symlinkSync('round', join(dir, 'own/round'))
    symlinkSync('..', join(dir, 'own/up'))
    execFileSync('mkfifo', [join(dir, 'own/pipe')])
    const files = confinedFiles(join(dir, 'own'))
    const said = (path: string) => asNobody(() => `${files(path) === undefined} ${absenceWords(files, path)}`)
    expect(
      ['none', 'sub/none', 'out', '../there', 'up/there', 'dangling', 'round', 'closed', 'shut/in', 'sub', 'pipe'].map(
        (path) => `${path}: ${said(path)}`,
      ),
    ).toEqual([
      'none: true is not there',
      'sub/none: true is not there',
      'out: true leads outside the project',
      '../there: true leads outside the project',
      'up/there: true leads outside the project',
      'dangling: true is a link that leads nowhere',
      'round: true is a link that leads nowhere',
      'closed: true may not be read',
      'shut/in: true may not be read',
      'sub: true is not a regular file',
      'pipe: true is not a regular file',
    ])
    chmodSync(join(dir, 'own/shut'), 0o700)
    const closed = asNobody(() => absentProblem(files, 'closed', missing))
    expect(closed).toEqual({
      code: 'unreadable-file',
      message: '`closed` may not be read',
      at: missing.at,
      hint: 'Check the permissions of the file and of the folders around it.',
    })
    expect(asNobody(() => absenceWords(filesBeside(files, 'sub'), '../closed'))).toBe('may not be read')
  })

  test('is that it is missing where the files are on no disk', () => {
    expect(absentProblem(() => undefined, 'w', missing)).toBe(missing)
    expect(
      absentProblem(
        filesBeside(() => undefined, 'a'),
        'w',
        missing,
      ),
    ).toBe(missing)
  })
})
