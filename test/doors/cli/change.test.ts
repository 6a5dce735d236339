import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Plan } from '../../../src/change/plan/plan.ts'
import { everyNth } from '../../extent.ts'
import {
  allLeaves,
  type Ended,
  exits,
  fileText,
  type Lab,
  openLab,
  PEOPLE,
  policyWith,
  prints,
  warns,
} from '../../lab/lab.ts'

const PORT = ['interface Ethernet10', 'description X']
const DIFF = ['    interface Ethernet10', '  +    description X']

const runningOf = (lab: Lab, device: string) => lab.running(device)
const hasPort = (lab: Lab, ...devices: readonly string[]) =>
  devices.map((name) => runningOf(lab, name).includes('   description X\n'))
const nextOf = ({ out }: Pick<Ended, 'out'>) => out.trimEnd().split('\n').at(-1) ?? ''
const planIn = (lab: Lab, file: string): Plan => JSON.parse(fileText(lab.dir, file))
const diffsIn = (lab: Lab, file: string) => planIn(lab, file).content.devices.map(({ name, diff }) => ({ name, diff }))

describe('change', () => {
  test('[3N2] plans the lines, asks, and makes the change as run does', async () => {
    const lab = openLab()
    const { err } = await exits(0, lab.agreed('change -t leaf1', ...PORT))
    expect(err.split('\n')).toEqual(expect.arrayContaining(DIFF))
    expect(hasPort(lab, 'leaf1', 'leaf2')).toEqual([true, false])
    await prints(0, lab.eosflow('show @latest'), 'succeeded')
  })

  test('says yes for nobody: where nobody is asked it waits, exit 12, and any process goes on with it', async () => {
    const lab = openLab()
    const waiting = await lab.exits(12, 'change -t leaf1', ...PORT)
    expect(nextOf(waiting)).toMatch(/^Next: eosflow approve \S+ && eosflow resume \S+$/)
    expect(hasPort(lab, 'leaf1')).toEqual([false])
    const id = /approve (\S+)/.exec(nextOf(waiting))?.[1] ?? ''
    await exits(0, lab.agreed(`approve ${id}`))
    await lab.ok(`resume ${id}`)
    expect(hasPort(lab, 'leaf1')).toEqual([true])
  })

  test('--plan-only shows the plan, changes nothing, and ends with the line that makes the change', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    const before = runningOf(lab, 'leaf1')
    const planned = await lab.ok('change -t leaf1', ...PORT, '--plan-only')
    expect(planned.out.split('\n')).toEqual(expect.arrayContaining(DIFF))
    expect(runningOf(lab, 'leaf1')).toBe(before)
    const next =
      /^Next: eosflow change 'interface Ethernet10' 'description X' -t leaf1 --approve (?<digest>sha256:[0-9a-f]{64})$/
    const digest = next.exec(nextOf(planned))?.groups?.digest ?? nextOf(planned)
    await lab.ok('change', ...PORT, '-t', 'leaf1', '--approve', digest)
    expect(hasPort(lab, 'leaf1')).toEqual([true])
  })

  test('--key makes it once', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    const once = ['change', '-t', 'leaf1', ...PORT, '--key', 'job-7']
    await exits(0, lab.agreed(...once))
    await warns(0, lab.eosflow(...once), 'nothing is begun a second time')
    await lab.exits(5, 'change -t leaf1', 'vlan 3999', '--key', 'job-7')
  })

  test('lines are sent to every switch that is named, one first', { tags: 'long' }, async () => {
    const lab = openLab()
    await warns(
      0,
      lab.agreed('change -t leaf*', ...PORT),
      /leaf1: committed[\s\S]*leaf1: 1 check good[\s\S]*leaf[234]: committed/,
    )
    expect(hasPort(lab, 'leaf1', 'leaf2', 'leaf3', 'leaf4', 'spine1')).toEqual([true, true, true, true, false])
    // The first switch is verified before any other is touched.
  })
})

describe('the lines of a change', () => {
  test.each(
    everyNth(4, 'files of lines', [
      ['blanks and tabs at the beginning', 'interface Ethernet10\n\tdescription X\n'],
      [
        'CRLF, a byte order mark, comments and empty lines',
        '\ufeff! from a ticket\r\n\r\ninterface Ethernet10\r\n description X\r\n!\r\n',
      ],
      ['an `end`', 'interface Ethernet10\ndescription X\nend\n'],
      ['an `exit`', 'interface Ethernet10\ndescription X\nexit\n'],
    ]),
  )('of a file may have %s', async (_name, text) => {
    const lab = openLab()
    lab.write('lines.txt', text)
    const { out } = await prints(0, lab.eosflow('change -t leaf1 --file lines.txt --plan-only'), '+1 -0 lines')
    expect(out.split('\n')).toEqual(expect.arrayContaining(DIFF))
  })

  test('an argument may hold several', async () => {
    const lab = openLab()
    await prints(0, lab.eosflow('change -t leaf1', PORT.join('\n'), '--plan-only'), DIFF.join('\n'))
  })

  test.each(
    everyNth(4, 'lines that are refused', [
      ['no lines', [], /^✖ LINE: there is no line to be sent\n/],
      ['an empty line', [''], /^✖ LINE: there is no line to be sent\n/],
      ['comments alone', ['! nothing'], /^✖ LINE: there is no line to be sent\n/],
      ['an exec command', ['vlan 10', 'reload now'], /^✖ line 2: "reload now" runs a command at once/],
      ['a do', ['do reload'], /^✖ line 1: "do reload" runs a command at once/],
      ['a pipe', ['hostname x | y'], /^✖ line 1: /],
      [
        'a template',
        ['vlan 10', 'name {{ label }}'],
        /^✖ line 2: `\{\{` begins a template, and these lines are sent as they are typed\n/,
      ],
      [
        'an unclear block',
        ['router bgp 65101', 'vlan 10'],
        /^✖ line 2: `vlan 10` can be a line of `router bgp 65101`, or of the root\n {4}Indent each line that belongs to a block, or write `exit` before a line that does not\.\n/,
      ],
      [
        'a user',
        ['username eve privilege 15 nopassword'],
        /^✖ line 1: "username eve privilege 15 nopassword" is not a configuration line that a change may carry/,
      ],
      [
        'a secret in clear text',
        ['router bgp 65101', 'neighbor 10.0.1.0 password 0 S3cr3tS3cr3t'],
        /^✖ line 2: "neighbor 10\.0\.1\.0 password 0 <redacted>" carries a clear-text secret/,
      ],
      ['an invisible character', ['hostname le\u200baf1'], /^✖ LINE:1:12: /],
      ['a control character', ['hostname \u001b[2Jx'], /^✖ LINE:1:10: /],
      ['a text without its end', ['banner motd', 'hello'], /^✖ line 1: /],
      ['an exit from the configuration', ['exit', 'reload'], /^✖ line 1: "exit"/],
    ]),
  )('%s: refused at its line, exit 3, and no switch is asked', async (_name, lines, said) => {
    const lab = openLab()
    const { err } = await warns(3, lab.eosflow('change -t leaf1 --', ...lines), said)
    expect(err).not.toContain('S3cr3t')
    expect(lab.requests()).toBe(0)
  })

  test('everything that is wrong with a file is said at once, each thing at its line', async () => {
    const lab = openLab()
    lab.write('lines.txt', '! a\nvlan 10\n\nreload\nname {{ x }}\n')
    const { err } = await lab.exits(3, 'change -t leaf1 --file lines.txt')
    expect(err.match(/^✖ \S+:\d+:\d+: /gm)).toEqual(['✖ lines.txt:5:1: ', '✖ lines.txt:4:1: '])
  })

  test('a whole configuration that was pasted is refused for its lines of users and management', async () => {
    const lab = openLab()
    lab.write('pasted.cfg', runningOf(lab, 'leaf1'))
    await warns(
      3,
      lab.eosflow('change -t leaf1 --file pasted.cfg'),
      /pasted\.cfg:\d+:1: "management api http-commands" is not/,
    )
    expect(lab.requests()).toBe(0)
  })

  test('a misspelt word and an unknown line are refused by the plan, exit 10, and nothing is sent', async () => {
    for (const [line, said] of [
      ['desription X', 'Did you mean `description`?'],
      ['frobnicate 3', "leaf1 refused line 2 of the change, 'frobnicate 3': Invalid input"],
    ] as const) {
      const lab = openLab()
      await prints(10, lab.agreed('change -t leaf1', 'interface Ethernet10', line), said)
    }
  })

  test.each([
    ['no switches', ['vlan 10'], 3, '-t: it is not said for which switches the lines are'],
    ['a switch that is not there', ['-t', 'leaf9', 'vlan 10'], 3, 'there is no switch `leaf9`'],
    ['a file that is not there', ['-t', 'leaf1', '--file', 'no.txt'], 3, 'no.txt:1:1: there is no such file'],
    ['lines and a file', ['-t', 'leaf1', 'vlan 10', '--file', 'no.txt'], 3, 'the lines come from one place alone'],
    ['standard input and lines', ['-t', 'leaf1', '-', 'vlan 10'], 3, 'the lines come from one place alone'],
    ['a digest that is none', ['-t', 'leaf1', 'vlan 10', '--approve', 'x'], 3, '--approve'],
  ])('%s: exit %#', async (_name, argv, code, said) => {
    const lab = openLab()
    await warns(code, lab.eosflow('change', ...argv), said)
    expect(lab.requests()).toBe(0)
  })
})

describe('a plan of a change', () => {
  test('is saved, approved, and run by another process from the store alone', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    const planned = await lab.ok('change -t leaf1', ...PORT, '-o', 'x.plan')
    expect(nextOf(planned)).toBe('Next: eosflow approve x.plan && eosflow run x.plan')
    expect(hasPort(lab, 'leaf1')).toEqual([false])
    await lab.ok('approve x.plan')
    await lab.ok('run x.plan')
    expect(hasPort(lab, 'leaf1')).toEqual([true])
  })

  test('is not run by a store that has not its lines, exit 5, and nothing is sent', async () => {
    const lab = openLab()
    await lab.eosflow('change -t leaf1', ...PORT, '-o', 'x.plan')
    const before = lab.requests()
    await warns(
      5,
      lab.eosflow('run x.plan --store other/store.db'),
      'the files of the change were altered or are missing',
    )
    expect(lab.requests()).toBe(before)
  })

  test('is forbidden by a rule that names its workflow, exit 4, and no switch is asked', async () => {
    const lab = office(
      policyWith({
        rules: [
          '{ id: no-typed-lines, deny: [plan.create, execution.start], to: ["kind:person", "kind:service"], on: { workflows: ["change/*"] } }',
        ],
      }),
    )
    const { as } = lab
    await warns(4, as('alice', 'change -t leaf1', ...PORT), 'no-typed-lines')
    await exits(4, as('alice', 'change -t leaf1', ...PORT, '--plan-only'))
    expect(lab.requests()).toBe(0)
    await exits(0, as('alice', 'plan workflow.yaml'))
  })
})

describe('change --save', () => {
  test('[3N2] writes a change file and its workflow, which validate takes and which give the same diff', async () => {
    const [lab, fresh] = [openLab(), openLab()]
    await warns(
      0,
      lab.eosflow('change -t leaf1', ...PORT, '-o', 'typed.plan', '--save', 'changes/text.yaml'),
      'saved: changes/text.yaml, with its workflow workflows/text.yaml\n',
    )
    const files = ['changes/text.yaml', 'workflows/text.yaml']
    const [changeFile = '', workflow = ''] = files.map((file) => fileText(lab.dir, file))
    expect(changeFile).toBe("version: 1\nworkflow: text\ntargets: 'leaf1'\n")
    const valid = await lab.ok('validate', ...files)
    expect(valid.out + valid.err).toEqual(expect.not.stringMatching(/warn/i))
    for (const [file, text] of [
      ['changes/text.yaml', changeFile],
      ['workflows/text.yaml', workflow],
    ] as const)
      fresh.write(file, text)
    await exits(0, fresh.eosflow('plan changes/text.yaml -o filed.plan'))
    expect(diffsIn(fresh, 'filed.plan')).toEqual(diffsIn(lab, 'typed.plan'))
    expect(diffsIn(lab, 'typed.plan')[0]?.diff).toEqual([
      { sign: ' ', text: 'interface Ethernet10' },
      { sign: '+', text: '   description X' },
    ])
  })

  test('writes what was made, too', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    await warns(
      0,
      lab.agreed('change -t leaf1', ...PORT, '--save', 'changes/2026/text.yml'),
      'saved: changes/2026/text.yml',
    )
    await prints(0, lab.eosflow('run changes/2026/text.yml'), 'nothing to do')
  })

  test('[3N10] writes nothing if the answer is no: another change of that name is made and saved meanwhile', async () => {
    const lab = openLab()
    const argv = ['change', '-t', 'leaf1', ...PORT, '--save', 'changes/text.yaml']
    const no = await exits(4, lab.declined(...argv))
    expect(no.err).toEqual(expect.not.stringContaining('saved:'))
    expect([existsSync(join(lab.dir, 'changes')), existsSync(join(lab.dir, 'workflows'))]).toEqual([false, false])
    await warns(0, lab.agreed(...argv), 'saved: changes/text.yaml')
  })

  test('writes nothing where there is no plan', async () => {
    const lab = openLab()
    const refused = await lab.agreed('change -t leaf1', 'frobnicate 3', '--save', 'changes/text.yaml')
    expect([refused.code, existsSync(join(lab.dir, 'changes')), existsSync(join(lab.dir, 'workflows'))]).toEqual([
      10,
      false,
      false,
    ])
  })

  test.each([
    ['a change file', 'changes/text.yaml'],
    ['a workflow', 'workflows/text.yaml'],
  ])('overwrites no file: %s is left as it is, exit 3, before a switch is asked', async (_name, file) => {
    const lab = openLab()
    lab.write(file, 'mine\n')
    await warns(
      3,
      lab.agreed('change -t leaf1', ...PORT, '--save', 'changes/text.yaml'),
      `${file}:1:1: there is such a file already`,
    )
    expect(fileText(lab.dir, file)).toBe('mine\n')
    expect(lab.requests()).toBe(0)
  })

  test.each([
    'text.yaml',
    'changes/text',
    'changes/../text.yaml',
    '../changes/text.yaml',
    'changes/a b.yaml',
    'changes/.yaml',
  ])('%s is no place for a change file: exit 3', async (file) => {
    const lab = openLab()
    await warns(3, lab.eosflow('change -t leaf1', ...PORT, '--save', file), 'a change is saved as changes/NAME.yaml')
    expect(lab.requests()).toBe(0)
  })
})

/** A lab under a policy, all of whose switches are leaves. */
const office = (policy: string) => openLab({ policy, tags: allLeaves, caller: PEOPLE.alice })
