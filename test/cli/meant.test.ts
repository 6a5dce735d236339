import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fileText } from '../lab/files.ts'
import { temporaryFolder } from '../lab/folder.ts'
import { exits, json, type Lab, openLab, prints, warns, workflowFor } from '../lab/lab.ts'

const idIn = (out: string) => /Execution (\S+):/.exec(out)?.[1] ?? ''
const digestIn = (lab: Lab, file: string) => JSON.parse(fileText(lab.dir, file)).digest
const FILES = {
  'workflows/ntp.yaml': workflowFor('leaf1'),
  'other/a.yaml': 'version: 1\nworkflow: ntp\n',
} as const

describe('what is named in the place of something else', () => {
  test.each([
    ['a misspelt workflow', ['plan', 'npt'], 'did you mean workflows/ntp.yaml?'],
    ['a workflow by its name alone', ['plan', 'ntp'], 'did you mean workflows/ntp.yaml?'],
    ['one in another folder', ['plan', 'workflow/ntp.yaml'], 'did you mean workflows/ntp.yaml?'],
    ['a change file outside of changes/', ['plan', 'other/a.yaml'], 'Put it there, and name it there: changes/a.yaml'],
    [
      'the same for validate',
      ['validate', 'other/a.yaml'],
      'this is a change file, and those are in the folder changes/',
    ],
    [
      'a workflow that is to be approved',
      ['approve', 'workflows/ntp.yaml'],
      'eosflow plan workflows/ntp.yaml -o FILE.plan',
    ],
    ['a change file that is to be rejected', ['reject', 'other/a.yaml'], 'and no saved plan'],
  ])('%s: it is said what is meant', async (_what, argv, says) => {
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

  test('rollback of nothing names what can be rolled back, newest first', async () => {
    const lab = openLab({ files: { 'other.yaml': workflowFor('leaf1', { lines: ['vlan 997'] }) } })
    await warns(3, lab.eosflow('rollback'), 'no execution has kept a change on a switch')
    const id = idIn((await exits(0, lab.change())).out)
    await lab.ok('plan other.yaml')
    const { err } = await exits(3, lab.eosflow('rollback'))
    expect(err).toBe(
      `✖ rollback: no execution is named that is to be rolled back\n    name one, the newest that have changed switches are ${id} (add-a-vlan, 2026-01-05T08:00Z)\n1 problem: nothing was contacted.\n`,
    )
    const back = idIn((await exits(0, lab.agreed('rollback', id))).out)
    const { err: after } = await warns(3, lab.eosflow('rollback'), `are ${back} (rollback-add-a-vlan, `)
    expect(after).not.toContain(id)
  })
})

describe('what is over or still open', () => {
  test('a plan whose change is there is neither run nor approved again: no execution begins', async () => {
    const lab = openLab()
    await lab.ok('plan workflow.yaml -o c.plan')
    await lab.ok('approve c.plan')
    const id = idIn((await lab.ok('run c.plan')).out)
    const { out, err } = await exits(5, lab.eosflow('run c.plan --detach --key night-7'))
    expect([out, err]).toEqual([
      '',
      `✖ stale: ${id} has made this change: there is nothing to run\n    eosflow show ${id}; to change something, plan it and have that approved.\n`,
    ])
    expect((await exits(5, lab.eosflow('run c.plan --approve', digestIn(lab, 'c.plan')))).err).toBe(err)
    const { executions } = await json(lab.eosflow('executions --json'))
    expect(executions).toHaveLength(1)
    await warns(5, lab.eosflow('approve c.plan'), `${id} has made this change: there is nothing to approve`)
  })

  test('show of an execution that has not ended offers to stop it', async () => {
    const lab = openLab()
    await exits(12, lab.eosflow('run workflow.yaml --detach'))
    await prints(
      0,
      lab.eosflow('show @latest'),
      /\nNext: eosflow approve (\S+) && eosflow resume \1\n {6}To end it .*: eosflow stop \1\n$/,
    )
  })
})
