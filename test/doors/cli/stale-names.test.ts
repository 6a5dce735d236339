import { describe, expect, test } from 'vitest'
import { renderConfig } from '../../../src/eos/config/text/parse.ts'
import { noSeams } from '../../../src/project/system/process/seams.ts'
import { driftResultSchema } from '../../../src/report/drift/result-schema.ts'
import { executionResultSchema } from '../../../src/report/execution/result-schema.ts'
import { ALICE, STARTED } from '../../change/record/one-of-each-event.ts'
import { leaves } from '../../e2e/two-leaves.ts'
import { everyNth } from '../../extent.ts'
import {
  exits,
  fileText,
  json,
  type Lab,
  openAppIn,
  openLab,
  prints,
  typeOn,
  warns,
  workflowFor,
} from '../../lab/lab.ts'

const VERIFY = '{ within: 20s, stableFor: 0s, every: 2s, checks: [reachable] }'
const OTHER = workflowFor('leaf1', { lines: ['vlan 997', '   name OTHER'], verify: VERIFY })
const TEMPLATED = workflowFor('leaf1', { verify: VERIFY }).replace(
  /^change: .*$/m,
  'change: { mode: merge, template: templates/vlan.j2 }',
)

/** A lab with an approved plan of the change. */
async function approved(workflow?: string) {
  const files = { 'other.yaml': OTHER, 'templates/vlan.j2': 'vlan 998\n   name TESTED\n' }
  const lab = openLab({ files, ...(workflow === undefined ? {} : { workflow }) })
  await lab.ok('plan workflow.yaml -o c.plan')
  await lab.ok('approve c.plan')
  return lab
}

const read = (lab: Lab, file: string) => fileText(lab.dir, file)

describe('a plan that is no longer true', () => {
  test.each(
    everyNth(3, 'reasons why a plan is no longer true', [
      ['the workflow', ['workflow.yaml'], 'workflow.yaml has changed since the plan was made'],
      ['a template', ['templates/vlan.j2'], 'templates/vlan.j2 has changed since the plan was made'],
      [
        'both',
        ['workflow.yaml', 'templates/vlan.j2'],
        'workflow.yaml, templates/vlan.j2 have changed since the plan was made',
      ],
    ]),
  )('says that %s has changed', async (_what, files, message) => {
    const lab = await approved(TEMPLATED)
    for (const file of files) lab.write(file, `${read(lab, file)}${file.endsWith('.j2') ? '!' : '# noted'}\n`)
    const { err } = await lab.exits(5, 'run c.plan')
    expect(err).toBe(`✖ stale: ${message}\n    Plan again and have the new plan approved.\n`)
  })

  test('names the switches of which the address is another', async () => {
    const lab = await approved()
    lab.write('inventory.yaml', read(lab, 'inventory.yaml').replace(/("leaf1":\{[^}]*"port":)\d+/, '$118999'))
    await warns(
      5,
      lab.eosflow('run c.plan'),
      '✖ stale: the address of leaf1 in the inventory has changed since the plan was made\n',
    )
  })

  test('names the execution that has changed the switch since, and what it was', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = await approved()
    const { out } = await exits(0, lab.agreed('run other.yaml'))
    const id = /Execution (\S+):/.exec(out)?.[1] ?? ''
    const refused = await prints(
      5,
      lab.eosflow('run c.plan'),
      new RegExp(
        `leaf1: running-config has changed since the plan was made:\n +by execution ${id} \\(add-a-vlan\\), confirmed 2026-01-05T08:\\d\\dZ\n +\\+vlan 997\n`,
      ),
      new RegExp(`○ leaf1: never committed; running-config was changed by execution ${id} `),
    )
    expect(refused.out).not.toContain('somebody')
  })

  test('says that somebody has changed it besides', { tags: ['long', 'turn'] }, async () => {
    const lab = await approved()
    await exits(0, lab.agreed('run other.yaml'))
    await typeOn(lab.device('leaf1'), 'configure', 'vlan 996', 'end')
    await prints(
      5,
      lab.eosflow('run c.plan'),
      /by execution \S+ \(add-a-vlan\), confirmed \S+Z, and by somebody since\n/,
    )
  })

  test('names no execution where none has changed it since', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab({ files: { 'other.yaml': OTHER } })
    await exits(0, lab.agreed('run other.yaml'))
    await lab.clock.advance(60_000)
    await lab.ok('plan workflow.yaml -o c.plan')
    await lab.ok('approve c.plan')
    await typeOn(lab.device('leaf1'), 'configure', 'vlan 996', 'end')
    const { out } = await prints(
      5,
      lab.eosflow('run c.plan'),
      /running-config has changed since the plan was made:\n +\+vlan 996\n/,
    )
    expect(out).not.toContain('by execution')
  })
})

describe('a difference that drift finds', () => {
  test('names the execution that changes the switch now', { tags: ['long', 'turn'] }, async () => {
    let seen: unknown
    const lab: Lab = openLab({
      files: { 'other.yaml': OTHER },
      before: async (self, device, commands) => {
        if (seen !== undefined || device !== 'leaf1' || !commands.includes('show vlan')) return
        if (!renderConfig(self.device('leaf1').switch.running).includes('vlan 997')) return
        seen = 'being asked'
        seen = (await self.eosflow('drift -t leaf1 --json')).out
      },
    })
    await exits(0, lab.change())
    lab.write('other.yaml', OTHER.replace('checks: [reachable]', 'checks: [{ vlans-present: { vlans: [997] } }]'))
    const { out } = await exits(0, lab.agreed('run other.yaml'))
    const id = /Execution (\S+):/.exec(out)?.[1]
    const [found] = driftResultSchema.parse(JSON.parse(String(seen))).devices
    expect(found).toMatchObject({ state: 'differs', by: { execution: id, standing: 'changing' } })
  })

  test('names the execution that has left the switch nobody knows how', { tags: ['long', 'turn'] }, async () => {
    const lab: Lab = openLab({
      files: { 'other.yaml': OTHER },
      before: (self, device, commands) => {
        const { running } = self.device(device).switch
        if (commands.includes('show vlan') && renderConfig(running).includes('vlan 997'))
          self.fault({ device, kind: 'unreachable' })
      },
    })
    await exits(0, lab.change())
    lab.write('other.yaml', OTHER.replace('checks: [reachable]', 'checks: [{ vlans-present: { vlans: [997] } }]'))
    const { out } = await exits(7, lab.agreed('run other.yaml'))
    lab.clearFaults()
    await typeOn(lab.device('leaf1'), 'configure', 'vlan 990', 'end')
    const id = /Execution (\S+):/.exec(out)?.[1]
    await prints(
      0,
      lab.eosflow('drift -t leaf1'),
      `where execution ${id} has left this switch is not known: the difference may be its\n`,
    )
  })
})

const REACHABLE = '{ within: 20s, stableFor: 0s, every: 2s, checks: [reachable] }'
const idIn = (out: string) => /Execution (\S+):/.exec(out)?.[1] ?? ''

/** Makes a change, and gives its id. */
const changed = async (lab: Lab, workflow = 'workflow.yaml') => idIn((await exits(0, lab.agreed('run', workflow))).out)

/** Rolls one back, and gives the id of what does it. */
const rolledBack = async (lab: Lab, ...argv: readonly string[]) =>
  idIn((await exits(0, lab.agreed('rollback', ...argv))).out)

const headlineOf = async (lab: Lab, id: string) =>
  /^(.*\bleaf1.*|.*switch.*|.*execution.*)\.$/m.exec((await lab.ok(`show ${id}`)).out)?.[1] ?? ''

/** Puts the beginnings of so many others on record as three pages of them have. */
async function begunBesides(lab: Lab, when: string) {
  const { app, close } = await openAppIn(lab.dir, ALICE, { seams: { ...noSeams, clock: lab.clock } })
  const journal = app.journalAs(ALICE)
  for (let at = 0; at < 120; at += 1) await journal.append(`20260101-000000-${when}${at}`, [STARTED])
  await close()
}

describe('show of a change that is no longer there', { tags: ['long', 'turn'] }, () => {
  test('names the execution that has rolled it back, and the other way', async () => {
    const lab = openLab()
    const id = await changed(lab)
    expect(await headlineOf(lab, id)).toBe('leaf1 has the change: confirmed, saved and read back')
    expect((await lab.ok(`show ${id} --json`)).out).not.toContain('"rollback"')

    const back = await rolledBack(lab, id)

    expect(await headlineOf(lab, id)).toBe(
      `Rolled back since, by execution ${back}. When it ended: leaf1 has the change: confirmed, saved and read back`,
    )
    expect(await headlineOf(lab, back)).toBe(
      `leaf1 has the change: confirmed, saved and read back; it rolls back execution ${id}`,
    )
    const seen = executionResultSchema.parse(await json(lab.eosflow(`show ${id} --json`)))
    const by = [{ execution: back, standing: 'done', devices: ['leaf1'] }]
    expect(seen.rollback).toEqual({ by })
    expect(seen.view?.rollback).toEqual({ by })
    const other = executionResultSchema.parse(await json(lab.eosflow('show', back, '--json')))
    expect(other.rollback).toEqual({ of: id, by: [] })
    await prints(0, lab.eosflow(`show ${id} --markdown`), /^### Rolled back since, by execution /)
  })

  test('says it while it is being rolled back, and when that was rolled back in turn', async () => {
    const lab = openLab()
    const id = await changed(lab)
    await lab.exits(12, `rollback ${id} --detach`)
    expect(await headlineOf(lab, id)).toMatch(
      /^A rollback of it has not ended: execution \S+\. When it ended: leaf1 has/,
    )
    await lab.ok('stop @latest')
    expect(await headlineOf(lab, id)).toBe('leaf1 has the change: confirmed, saved and read back')
    const back = await rolledBack(lab, id)
    const again = await rolledBack(lab, back)
    expect(await headlineOf(lab, id)).toMatch(
      new RegExp(`^Rolled back since, by execution ${back}, which execution ${again} has rolled back in turn\\. When`),
    )
  })

  test('names a rollback that waits for its approval behind the one that has ended', async () => {
    const lab = openLab()
    const id = await changed(lab)
    await lab.exits(12, `rollback ${id} --detach`)
    const back = await rolledBack(lab, id)
    expect(await headlineOf(lab, id)).toMatch(
      new RegExp(`^Rolled back since, by execution ${back}\\. A rollback of it has not ended: execution \\S+\\. When`),
    )
  })

  test('finds the rollback among many that were begun before the change and behind it', async () => {
    const lab = openLab()
    await begunBesides(lab, 'before')
    const id = await changed(lab)
    await lab.exits(12, `rollback ${id} --detach`)
    await begunBesides(lab, 'behind')
    expect(await headlineOf(lab, id)).toMatch(
      /^A rollback of it has not ended: execution \S+\. When it ended: leaf1 has/,
    )
  })

  test('names the switches where only some were rolled back', async () => {
    const lab = openLab({ switches: leaves(2), workflow: workflowFor('leaf1,leaf2', { rollout: '{ waves: [100%] }' }) })
    const id = await changed(lab)
    const back = await rolledBack(lab, id, '-t', 'leaf2')
    expect(await headlineOf(lab, id)).toMatch(new RegExp(`^Rolled back since on leaf2, by execution ${back}\\. When`))
  })

  test('names a later change that is no rollback, and behind which nothing of it is left', async () => {
    const undo = workflowFor('leaf1', { lines: ['no vlan 998'], verify: REACHABLE })
    const other = workflowFor('leaf1', { lines: ['vlan 997'], verify: REACHABLE })
    const lab = openLab({ files: { 'undo.yaml': undo, 'other.yaml': other } })
    const id = await changed(lab)
    await changed(lab, 'other.yaml')
    expect(await headlineOf(lab, id)).toBe('leaf1 has the change: confirmed, saved and read back')
    const last = await changed(lab, 'undo.yaml')
    expect(await headlineOf(lab, id)).toBe(
      `Undone since: nothing of it is left in what execution ${last} has confirmed. When it ended: leaf1 has the change: confirmed, saved and read back`,
    )
  })
})
