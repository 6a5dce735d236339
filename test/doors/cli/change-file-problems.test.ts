import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { otherTicket, readChangeFile } from '../../../src/change/workflow/change-file.ts'
import { everyNth } from '../../extent.ts'
import { exits, inProcess, json, prints, temporaryFolder, warns } from '../../lab/lab.ts'

const FILES = {
  'eosflow.yaml': 'version: 1\n',
  'inventory.yaml':
    'defaults: { credentials: lab }\ncredentials: { lab: { username: u, password: "${env:P}" } }\ndevices: { leaf1: { host: 192.0.2.1 }, leaf2: { host: 192.0.2.2 }, spine1: { host: 192.0.2.3 } }\n',
  'workflows/add-vlan.yaml': `name: add-vlan
targets: 'leaf*'
params:
  vlan: { type: integer, minimum: 2, maximum: 4094 }
  label: { type: string, pattern: '[A-Z-]+' }
change: { lines: ['vlan {{ vlan }}', '   name {{ label }}'] }
steps: [snapshot, plan, push, { verify: { checks: [reachable] } }, confirm]
`,
  'changes/good.yaml':
    "workflow: add-vlan\nparams: { vlan: 140, label: PROD }\ntargets: leaf1\nticket: CHG-1\nnotBefore: '2026-11-20T22:00:00+01:00'\nnotAfter: '2026-11-20T23:30:00Z'\n",
} as const

function project(more: Readonly<Record<string, string>> = {}) {
  const dir = temporaryFolder()
  for (const [path, text] of Object.entries({ ...FILES, ...more })) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  return dir
}

const GOOD = 'workflow: add-vlan\nparams: { vlan: 140, label: PROD }\n'

/** What is wrong with a change file, a line for each problem without the mend. */
async function problemsOf(text: string, more: Readonly<Record<string, string>> = {}) {
  const dir = project({ ...more, 'changes/x.yaml': text })
  const { stderr } = await exits(3, inProcess('validate changes/x.yaml', dir, 400))
  return stderr.split('\n').filter((line) => /^✖ \S+:\d+:\d+: /.test(line))
}

describe('a change file', () => {
  test('is validated with everything of a project, and counts what it holds', async () => {
    expect((await json(exits(0, inProcess('validate --json', project())))).files).toContainEqual({
      file: 'changes/good.yaml',
      kind: 'change',
      holds: 'add-vlan: 1 switch, CHG-1, from 2026-11-20T21:00:00.000Z to 2026-11-20T23:30:00.000Z',
    })
    await prints(0, inProcess('validate changes/good.yaml', project()), 'Next: eosflow plan changes/good.yaml\n')
  })

  test('in a folder of changes/, with paths in the place of names', async () => {
    const dir = project({
      'changes/2026/y.yml': `workflow: workflows/add-vlan.yaml\nparams: { vlan: 141, label: A }\nafter: [good, changes/good.yaml]\n`,
    })
    await exits(0, inProcess('validate changes/2026/y.yml', dir))
  })

  test.each(
    everyNth(4, 'problems of a change file', [
      ['workflow: add-vlam\n', ['✖ changes/x.yaml:1:11: there is no such workflow in the project']],
      ['params: {}\n', ['✖ changes/x.yaml:1:1: the key `workflow` is missing']],
      [`${GOOD}tickets: CHG-1\n`, ['✖ changes/x.yaml:3:1: the key `tickets` is not known']],
      [`version: 2\n${GOOD}`, ['✖ changes/x.yaml:1:10: ']],
      [
        'workflow: add-vlan\nparams:\n  vlan: many\n  label: low\n  vlam: 1\n',
        [
          '✖ changes/x.yaml:3:9: the parameter `vlan`',
          '✖ changes/x.yaml:4:10: the parameter `label`',
          '✖ changes/x.yaml:5:3: the workflow add-vlan has no parameter `vlam`',
        ],
      ],
      [
        'workflow: add-vlan\nparams:\n  vlan: 9999\n  label: low\nticket: a b\ntargets: leaf9\nafter: [god]\nreviewer: bob\nnotBefore: 2026-11-20T22:00:00Z\nnotAfter: 2026-11-20T21:00:00Z\n',
        [
          '✖ changes/x.yaml:3:9: the parameter `vlan`',
          '✖ changes/x.yaml:4:10: the parameter `label`',
          '✖ changes/x.yaml:5:9: ',
          '✖ changes/x.yaml:6:10: ',
          '✖ changes/x.yaml:7:9: there is no change file changes/god.yaml',
          '✖ changes/x.yaml:8:1: the key `reviewer` is not known',
          '✖ changes/x.yaml:10:11: `notAfter` is not behind',
        ],
      ],
      [
        'workflow: add-vlam\nparms: { vlan: 9999 }\nversion: 3\n',
        [
          '✖ changes/x.yaml:1:11: there is no such workflow',
          '✖ changes/x.yaml:2:1: the key `parms` is not known',
          '✖ changes/x.yaml:3:10: ',
        ],
      ],
      ['workflow: add-vlan\nparms: { vlan: 140 }\n', ['✖ changes/x.yaml:2:1: the key `parms` is not known']],
      ['workflow: add-vlan\nparams: many\nticket: 7\n', ['✖ changes/x.yaml:2:9: ', '✖ changes/x.yaml:3:9: ']],
      ['workflow: add-vlan\nparams: { vlan: 140 }\n', ['✖ changes/x.yaml:2:1: the parameter `label` is not given']],
      [
        'workflow: add-vlan\n',
        ['✖ changes/x.yaml:1:1: the parameter `vlan`', '✖ changes/x.yaml:1:1: the parameter `label`'],
      ],
      [`${GOOD}targets: spine1\n`, ['✖ changes/x.yaml:3:10: `spine1` selects none of the switches']],
      [`${GOOD}targets: leaf9\n`, ['✖ changes/x.yaml:3:10: ']],
      [`${GOOD}targets: 'and'\n`, ['✖ changes/x.yaml:3:11: ']],
      [`${GOOD}notBefore: 2026-11-20\n`, ['✖ changes/x.yaml:3:12: ']],
      [`${GOOD}notBefore: '2026-02-30T00:00:00Z'\n`, ['✖ changes/x.yaml:3:1']],
      [`${GOOD}notBefore: '2026-11-20T22:00:00'\n`, ['✖ changes/x.yaml:3:1']],
      [
        `${GOOD}notBefore: '2026-11-20T22:00:00Z'\nnotAfter: '2026-11-20T22:00:00Z'\n`,
        ['✖ changes/x.yaml:4:11: `notAfter` is not behind `notBefore`'],
      ],
      [`${GOOD}ticket: 'a b'\n`, ['✖ changes/x.yaml:3:9: ']],
      [`${GOOD}after: [god]\n`, ['✖ changes/x.yaml:3:9: there is no change file changes/god.yaml']],
      [
        `${GOOD}after: [workflows/add-vlan.yaml]\n`,
        ['✖ changes/x.yaml:3:9: workflows/add-vlan.yaml is no change file'],
      ],
      [`${GOOD}after: [../x]\n`, ['✖ changes/x.yaml:3:9: ']],
      [
        `${GOOD}after: [x]\n`,
        ['✖ changes/x.yaml:3:9: each of these must come after the next one: changes/x.yaml, changes/x.yaml'],
      ],
      [`${GOOD}workflow: add-vlan\n`, ['✖ changes/x.yaml:3:1: ']],
    ]),
  )('%j: each problem with its place', async (text, expected) => {
    const found = await problemsOf(text)
    expect(found).toHaveLength(expected.length)
    for (const [index, start] of expected.entries()) expect(found[index]).toContain(start)
  })

  test.each([
    ['a link to another change file', (at: string) => symlinkSync('good.yaml', at)],
    ['a link to a file elsewhere in the project', (at: string) => symlinkSync('../elsewhere.yaml', at)],
  ])('that is %s is refused, however it is named', async (_, make) => {
    const dir = project({ 'elsewhere.yaml': GOOD, 'changes/behind.yaml': `${GOOD}after: [x]\n` })
    make(join(dir, 'changes/x.yaml'))
    const refused =
      '✖ changes/x.yaml:1:1: this path is a link, or lies behind one: a change file is read under its own name alone\n'
    for (const argv of [
      ['validate changes/x.yaml'],
      ['validate', join(dir, 'changes/x.yaml')],
      ['plan changes/x.yaml --offline'],
      ['run ./changes/../changes/x.yaml'],
      ['rehearse changes/x.yaml'],
    ]) {
      await warns(3, inProcess(argv, dir, 400), refused)
    }
    await warns(
      3,
      inProcess('validate', dir, 400),
      refused,
      'changes/behind.yaml:3:9: `changes/x.yaml` is a link, or lies behind one',
    )
  })

  test('behind a link is refused, be that a folder or `changes` itself; under its own name it is none', async () => {
    const dir = project({ 'kept/x.yaml': GOOD })
    symlinkSync('../kept', join(dir, 'changes/2026'))
    await warns(
      3,
      inProcess('validate changes/2026/x.yaml', dir, 400),
      'changes/2026/x.yaml:1:1: this path is a link, or lies',
    )
    rmSync(join(dir, 'changes'), { recursive: true })
    symlinkSync('kept', join(dir, 'changes'))
    await warns(3, inProcess('validate', dir, 400), '✖ changes/x.yaml:1:1: this path is a link, or lies')
  })

  test('is found where the project lies behind a link', async () => {
    const dir = project()
    const link = join(temporaryFolder(), 'project')
    symlinkSync(dir, link)
    for (const path of ['changes/good.yaml', join(link, 'changes/good.yaml'), join(dir, 'changes/good.yaml')])
      await exits(0, inProcess(['validate', path], link, 400))
    symlinkSync('good.yaml', join(dir, 'changes/x.yaml'))
    for (const path of ['changes/x.yaml', join(link, 'changes/x.yaml'), join(dir, 'changes/x.yaml')])
      await exits(3, inProcess(['-C', link, 'validate', path], link, 400))
  })

  test.each([
    [
      'a folder',
      (at: string) => mkdirSync(at),
      'this path is not a regular file|there is no file below it that can be judged',
    ],
    ['a pipe', (at: string) => execFileSync('mkfifo', [at]), 'this path is not a regular file'],
    ['a link to nowhere', (at: string) => symlinkSync('nowhere.yaml', at), 'this path is a link that leads nowhere'],
    ['a link to itself', (at: string) => symlinkSync('x.yaml', at), 'this path is a link that leads nowhere'],
    ['a link out of the project', (at: string) => symlinkSync('/dev/zero', at), 'this path leads outside the project'],
  ])('that is %s is refused by name, and never waited for', async (_, make, said) => {
    const dir = project()
    make(join(dir, 'changes/x.yaml'))
    for (const argv of [['validate'], ['validate changes/x.yaml'], ['plan changes/x.yaml --offline']]) {
      await warns(3, inProcess(argv, dir, 400), new RegExp(`changes/x\\.yaml:1:1: (?:${said})\\n`))
    }
  })

  test.each([
    ['a file', (at: string) => writeFileSync(at, 'no folder\n')],
    ['a pipe', (at: string) => execFileSync('mkfifo', [at])],
    ['a link to nowhere', (at: string) => symlinkSync('nowhere', at)],
    ['a link to itself', (at: string) => symlinkSync('changes', at)],
  ])('is not there where `changes` is %s, which is said', async (_, make) => {
    const dir = project()
    rmSync(join(dir, 'changes'), { recursive: true })
    make(join(dir, 'changes'))
    await warns(3, inProcess('validate', dir, 400), 'changes: this is no folder, and files of the project lie in it\n')
  })

  test('that waits for itself over another one is refused, and so is that', async () => {
    const found = await problemsOf(`${GOOD}after: [good, y]\n`, {
      'changes/y.yaml': `${GOOD}after: [z]\n`,
      'changes/z.yaml': `${GOOD}after: [x]\n`,
    })
    expect(found).toEqual([
      '✖ changes/x.yaml:3:15: each of these must come after the next one: changes/x.yaml, changes/y.yaml, changes/z.yaml, changes/x.yaml',
    ])
  })

  test('names another ticket than its workflow asks about', () => {
    const read = readChangeFile(`${GOOD}ticket: CHG-1\n`, 'changes/x.yaml')
    if (!read.ok) throw new Error('not read')
    const asked = ['CHG-1', 'CHG-7'].map((ticket) => ({ around: 'ticket', ticket }))
    expect(otherTicket(read.value, [{ around: 'silence' }, ...asked.slice(0, 1)])).toEqual([])
    expect(otherTicket(read.value, asked)).toEqual([
      {
        code: 'other-ticket',
        message: 'the change file names CHG-1, and its workflow asks whether CHG-7 allows the change',
        at: { file: 'changes/x.yaml', line: 3, column: 9 },
        hint: 'give both the same ticket',
      },
    ])
  })

  test('parameters beside a change file are refused by validate, too', async () => {
    await warns(
      3,
      inProcess('validate changes/good.yaml -p vlan=1', project()),
      'changes/good.yaml:1:1: -p: a change file says its switches and values itself',
    )
  })

  test('its schema says what is written', async () => {
    const schema = await json(exits(0, inProcess('schema change', '/')))
    expect(schema.additionalProperties).toBe(false)
    expect(schema.required).toEqual(['workflow'])
    expect(Object.keys(schema.properties)).toEqual([
      'version',
      'workflow',
      'params',
      'targets',
      'ticket',
      'notBefore',
      'notAfter',
      'after',
    ])
  })
})
