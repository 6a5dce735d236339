import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { pasteable } from '../../../src/doors/cli/program.ts'
import { silentIo } from '../../../src/doors/cli/thread/silent-io.ts'
import { everyNth } from '../../extent.ts'
import {
  exits,
  fileText,
  inProcess,
  json,
  type Lab,
  openLab,
  prints,
  temporaryFolder,
  warns,
  workflowFor,
} from '../../lab/lab.ts'
import { newProject } from './eosflow.ts'

test('a snapshot that there is not is 3, as every unknown name, with the nearest one', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab()
  const none = await lab.eosflow('snapshot diff bas')
  expect({ code: none.code, err: none.err }).toEqual({
    code: 3,
    err: '✖ bas: there is no snapshot bas\n    eosflow snapshot take NAME makes one.\n1 problem: nothing was contacted.\n',
  })
  await lab.ok('snapshot take base')
  for (const argv of [
    ['diff', 'bas'],
    ['show', 'bas'],
    ['diff', 'base', 'bas'],
  ]) {
    const { err } = await lab.exits(3, 'snapshot', ...argv)
    expect(err).toBe(
      '✖ bas: there is no snapshot bas\n    did you mean `base`?; eosflow snapshot list lists them\n1 problem: nothing was contacted.\n',
    )
  }
  expect((await json(lab.eosflow('snapshot diff nope --json'))).error.kind).toBe('input')
})

test('a word that is neither an execution nor a plan file is named in words', async () => {
  const dir = await newProject()
  const { stderr } = await exits(3, inProcess('show zzz', dir))
  expect(stderr).toBe(
    '✖ zzz: there is no such execution, and no file of this name\n    nothing has run in this project yet; a saved plan is named by its path\n1 problem: nothing was contacted.\n',
  )
})

test('of executions the newest are named', { tags: ['long', 'turn'] }, async () => {
  const lab = openLab()
  await lab.change()
  const { err } = await lab.eosflow('show zzz')
  expect(err).toMatch(
    /^✖ zzz: there is no such execution, and no file of this name\n {4}eosflow executions and eosflow plans list them, the newest are \S+; a saved plan is named by its path\n/,
  )
})

test.each(
  everyNth(5, 'files that cannot be read', [
    ['nope.yaml', 'there is no such file', 'in this folder: known here: `eosflow.yaml`, `inventory.yaml`'],
    ['inventry.yaml', 'there is no such file', 'in this folder: did you mean `inventory.yaml`?'],
    ['gone/nope.yaml', 'there is no such file', 'There is no folder gone either.'],
    ['nope.json', 'there is no such file', 'Nothing like it is in this folder: check the path.'],
    ['workflows', 'this is a folder, not a file', 'Name the file in it.'],
  ]),
)('a file that cannot be read is named in words: %s', async (file, message, hint) => {
  const dir = await newProject()
  const { stderr } = await exits(3, inProcess(['check run', file], dir, 200))
  expect(stderr).toBe(
    `✖ ${file}${file.includes('.') ? ':1:1' : ''}: ${message}\n    ${hint}\n1 problem: nothing was contacted.\n`,
  )
})

test('of many names the nearest are named, and how to list all', async () => {
  await warns(
    3,
    inProcess('check show nope', '/', 200),
    /^✖ nope: there is no check `nope`\n {4}the nearest of \d{3}: `\w+`, `\w+`, `\w+`; eosflow check list lists them\n/,
  )
  const ptp = await inProcess('check show ptp', '/', 200)
  expect(ptp.stderr).toContain('`VerifyPtpOffset`, `VerifyPtpGMStatus`, `VerifyPtpLockStatus`')
  const near = await inProcess('check show reachabel', '/', 200)
  expect(near.stderr).toContain('did you mean `reachable`?; eosflow check list lists them')
  const dir = await newProject()
  mkdirSync(join(dir, 'w'))
  const workflow =
    'name: w\ntargets: leaf1\nchange: { lines: [vlan 5] }\nsteps: [snapshot, plan, push, verify: { checks: [nope] }, confirm]\n'
  writeFileSync(join(dir, 'w/w.yaml'), workflow)
  const validated = await inProcess('validate w/w.yaml', dir, 200)
  expect(validated.stderr).toMatch(/there is no check `nope`\n {4}the nearest of \d{3}: /)
})

test.each([
  ['lint', 'validate'],
  ['valdate', 'validate'],
  ['aply', 'apply'],
  ['revert', 'rollback'],
  ['snapshot tak', 'snapshot take'],
  ['help snapshot tak', 'snapshot take'],
])('for the unknown command %s it suggests %s', async (typed, meant) => {
  const { stderr } = await exits(3, inProcess(typed.split(' ')))
  expect(stderr).toBe(
    `✖ ${typed.split(' ').at(-1)}: there is no such command\n    did you mean \`eosflow ${meant}\`?\n`,
  )
})

test.each(['zzzz', 'check zzzz', 'frob', 'x'])('for %s, which is near to none, it suggests none', async (typed) => {
  const { stderr } = await exits(3, inProcess(typed.split(' ')))
  expect(stderr).toBe(
    `✖ ${typed.split(' ').at(-1)}: there is no such command\n    eosflow help all lists the commands\n`,
  )
})

const REACHABLE = '{ within: 20s, stableFor: 0s, every: 2s, checks: [reachable] }'
const NONE = { json: false, askPassword: false, insecureTls: false, verbose: 0 }

/** What a terminal prints of a text, on the command line of which these flags were. */
function printed(text: string, flags: object) {
  let said = ''
  const io = {
    ...silentIo(temporaryFolder()),
    out: (one: string) => {
      said += one
    },
  }
  pasteable(io, { ...NONE, ...flags }).out(text)
  return said
}

test.each([
  ['of the project', { project: 'my net' }, 'Next: eosflow show x1\n', "Next: eosflow -C 'my net' show x1\n"],
  [
    'of the store, in every command of the line and of the lines below',
    { project: 'net', store: 's.db' },
    'done\nNext: eosflow approve a && eosflow run a\n      To alter it: eosflow plan w.yaml\n',
    'done\nNext: eosflow -C net --store s.db approve a && eosflow -C net --store s.db run a\n      To alter it: eosflow -C net --store s.db plan w.yaml\n',
  ],
  [
    'of logins, where switches are logged in to',
    { askPassword: true, insecureTls: true },
    'Next: eosflow approve a && eosflow run a\n',
    'Next: eosflow approve a && eosflow --ask-password --insecure-tls run a\n',
  ],
  ['of none, where none were given', {}, 'Next: eosflow show x1\n', 'Next: eosflow show x1\n'],
  ['once', { project: 'net' }, 'Next: eosflow plan w.yaml -C net\n', 'Next: eosflow plan w.yaml -C net\n'],
  ['not of what makes a project', { project: 'net' }, 'Next: eosflow init\n', 'Next: eosflow init\n'],
  [
    'not where one goes into it',
    { project: 'a' },
    'Next: cd a\n      eosflow run w\n',
    'Next: cd a\n      eosflow run w\n',
  ],
  ['not in other lines', { project: 'net' }, 'Next: eosflow show a\nand so on\n', 'Next: eosflow show a\nand so on\n'],
])('a next line has the flags %s', (_which, flags, text, line) => {
  expect(printed(text, flags)).toBe(line)
})

/** Types what the last line says comes next, as a shell would, where the command was typed. */
async function paste(lab: Lab, folder: string, out: string) {
  const [, line = ''] = /^Next: (.*)\n$/m.exec(out.slice(out.lastIndexOf('Next: '))) ?? []
  for (const command of line.split(' && ')) {
    const [program, ...argv] = command.split(' ')
    expect(program, line).toBe('eosflow')
    const { code, err } = await lab.eosflowIn(folder, ...argv)
    expect([0, 2, 12], `${command}: ${err}`).toContain(code)
  }
  return line.split(' && ')
}

describe('from another folder, with -C', () => {
  test('every next line does as it is what it says', { tags: 'long' }, async () => {
    const files = { 'other.yaml': workflowFor('leaf1', { lines: ['vlan 997'], verify: REACHABLE }) }
    const lab = openLab({ files })
    const folder = temporaryFolder()
    const dir = relative(folder, lab.dir)
    const type = async (line: string) => {
      const { code, out, err } = await lab.eosflowIn(folder, `-C ${dir} ${line}`)
      expect([0, 12], `${line}: ${err}`).toContain(code)
      return out
    }
    const followed: string[] = []
    for (const line of [
      'validate',
      'inventory list',
      'plan workflow.yaml',
      'plan other.yaml -o c.plan',
      'executions',
      'show @latest',
      'rollback @latest --detach',
      'drift',
      'snapshot take one',
      'audit list',
    ])
      followed.push(...(await paste(lab, folder, await type(line))))
    expect(followed.length).toBe(12)
  })
})

const idIn = (out: string) => /Execution (\S+):/.exec(out)?.[1] ?? ''
const digestIn = (lab: Lab, file: string) => JSON.parse(fileText(lab.dir, file)).digest
const FILES = {
  'workflows/ntp.yaml': workflowFor('leaf1'),
  'other/a.yaml': 'version: 1\nworkflow: ntp\n',
} as const

describe('what is named in the place of something else', () => {
  test.each(
    everyNth(4, 'names of something else', [
      ['a misspelt workflow', ['plan npt'], 'did you mean workflows/ntp.yaml?'],
      ['a workflow by its name alone', ['plan ntp'], 'did you mean workflows/ntp.yaml?'],
      ['one in another folder', ['plan workflow/ntp.yaml'], 'did you mean workflows/ntp.yaml?'],
      ['a change file outside of changes/', ['plan other/a.yaml'], 'Put it there, and name it there: changes/a.yaml'],
      [
        'the same for validate',
        ['validate other/a.yaml'],
        'this is a change file, and those are in the folder changes/',
      ],
      [
        'a workflow that is to be approved',
        ['approve workflows/ntp.yaml'],
        'eosflow plan workflows/ntp.yaml -o FILE.plan',
      ],
      ['a change file that is to be rejected', ['reject other/a.yaml'], 'and no saved plan'],
    ]),
  )('%s: it is said what is meant', async (_what, argv, says) => {
    const { err } = await warns(3, openLab({ files: FILES }).eosflow(...argv), says)
    expect(err.split('\n').filter((line) => line.startsWith('    '))).toHaveLength(1)
  })

  test('a name that is misspelt is said as it was typed, from another folder too', async () => {
    const lab = openLab({ files: FILES })
    await warns(
      3,
      lab.eosflowIn(temporaryFolder(), '-C', lab.dir, 'plan', 'npt'),
      /^✖ npt: there is no such workflow in the project\n/,
    )
  })

  test('-C names a folder that is no project, or none: it is said of that folder', async () => {
    const lab = openLab()
    const empty = temporaryFolder()
    const none = join(empty, 'none')
    await warns(
      3,
      lab.eosflowIn(lab.dir, '-C', empty, 'validate'),
      `the folder \`${empty}\` is no project: it has no eosflow.yaml\n`,
    )
    await warns(3, lab.eosflowIn(lab.dir, '-C', none, 'validate'), `there is no folder \`${none}\`\n`)
  })

  test('rollback of nothing names what can be rolled back, newest first', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab({ files: { 'other.yaml': workflowFor('leaf1', { lines: ['vlan 997'] }) } })
    await warns(3, lab.eosflow('rollback'), 'no execution has kept a change on a switch')
    const id = idIn((await exits(0, lab.change())).out)
    await lab.ok('plan other.yaml')
    const { err } = await lab.exits(3, 'rollback')
    expect(err).toBe(
      `✖ rollback: no execution is named that is to be rolled back\n    name one, the newest that have changed switches are ${id} (add-a-vlan, 2026-01-05T08:00Z)\n1 problem: nothing was contacted.\n`,
    )
    const back = idIn((await exits(0, lab.agreed(`rollback ${id}`))).out)
    const { err: after } = await warns(3, lab.eosflow('rollback'), `are ${back} (rollback-add-a-vlan, `)
    expect(after).not.toContain(id)
  })
})

describe('what is over or still open', () => {
  test('a plan whose change is there is neither run nor approved again: no execution begins', {
    tags: 'long',
  }, async () => {
    const lab = openLab()
    await lab.ok('plan workflow.yaml -o c.plan')
    await lab.ok('approve c.plan')
    const id = idIn((await lab.ok('run c.plan')).out)
    const { out, err } = await lab.exits(5, 'run c.plan --detach --key night-7')
    expect([out, err]).toEqual([
      '',
      `✖ stale: ${id} has made this change: there is nothing to run\n    eosflow show ${id}; to change something, plan it and have that approved.\n`,
    ])
    expect((await lab.exits(5, 'run c.plan --approve', digestIn(lab, 'c.plan'))).err).toBe(err)
    const { executions } = await json(lab.eosflow('executions --json'))
    expect(executions).toHaveLength(1)
    await warns(5, lab.eosflow('approve c.plan'), `${id} has made this change: there is nothing to approve`)
  })

  test('show of an execution that has not ended offers to stop it', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    await lab.exits(12, 'run workflow.yaml --detach')
    await prints(
      0,
      lab.eosflow('show @latest'),
      /\nNext: eosflow approve (\S+) && eosflow resume \1\n {6}To end it .*: eosflow stop \1\n$/,
    )
  })
})
