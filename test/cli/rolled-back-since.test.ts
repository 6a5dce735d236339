import { describe, expect, test } from 'vitest'
import { noSeams } from '../../src/app/seams.ts'
import { executionResultSchema } from '../../src/report/execution/result-schema.ts'
import { leaves } from '../e2e/two-leaves.ts'
import { ALICE, STARTED } from '../journal/one-of-each-event.ts'
import { exits, json, type Lab, openLab, workflowFor } from '../lab/lab.ts'
import { openAppIn } from '../lab/opened-app.ts'

const REACHABLE = '{ within: 20s, stableFor: 0s, every: 2s, checks: [reachable] }'
const idIn = (out: string) => /Execution (\S+):/.exec(out)?.[1] ?? ''

/** Makes a change, and gives its id. */
const changed = async (lab: Lab, workflow = 'workflow.yaml') => idIn((await exits(0, lab.agreed('run', workflow))).out)

/** Rolls one back, and gives the id of what does it. */
const rolledBack = async (lab: Lab, ...argv: readonly string[]) =>
  idIn((await exits(0, lab.agreed('rollback', ...argv))).out)

const headlineOf = async (lab: Lab, id: string) =>
  /^(.*\bleaf1.*|.*switch.*|.*execution.*)\.$/m.exec((await lab.ok('show', id)).out)?.[1] ?? ''

/** Puts the beginnings of so many others on record as three pages of them have. */
async function begunBesides(lab: Lab, when: string) {
  const { app, close } = await openAppIn(lab.dir, ALICE, { seams: { ...noSeams, clock: lab.clock } })
  const journal = app.journalAs(ALICE)
  for (let at = 0; at < 120; at += 1) await journal.append(`20260101-000000-${when}${at}`, [STARTED])
  await close()
}

describe('show of a change that is no longer there', () => {
  test('names the execution that has rolled it back, and the other way', { tags: 'long' }, async () => {
    const lab = openLab()
    const id = await changed(lab)
    expect(await headlineOf(lab, id)).toBe('leaf1 has the change: confirmed, saved and read back')
    expect((await lab.eosflow('show', id, '--json')).out).not.toContain('"rollback"')

    const back = await rolledBack(lab, id)

    expect(await headlineOf(lab, id)).toBe(
      `Rolled back since, by execution ${back}. When it ended: leaf1 has the change: confirmed, saved and read back`,
    )
    expect(await headlineOf(lab, back)).toBe(
      `leaf1 has the change: confirmed, saved and read back; it rolls back execution ${id}`,
    )
    const seen = executionResultSchema.parse(await json(lab.eosflow('show', id, '--json')))
    const by = [{ execution: back, standing: 'done', devices: ['leaf1'] }]
    expect(seen.rollback).toEqual({ by })
    expect(seen.view?.rollback).toEqual({ by })
    const other = executionResultSchema.parse(await json(lab.eosflow('show', back, '--json')))
    expect(other.rollback).toEqual({ of: id, by: [] })
    expect((await lab.eosflow('show', id, '--markdown')).out).toMatch(/^### Rolled back since, by execution /)
  })

  test('says it while it is being rolled back, and when that was rolled back in turn', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    const id = await changed(lab)
    await exits(12, lab.eosflow('rollback', id, '--detach'))
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

  test('names a rollback that waits for its approval behind the one that has ended', { tags: 'long' }, async () => {
    const lab = openLab()
    const id = await changed(lab)
    await exits(12, lab.eosflow('rollback', id, '--detach'))
    const back = await rolledBack(lab, id)
    expect(await headlineOf(lab, id)).toMatch(
      new RegExp(`^Rolled back since, by execution ${back}\\. A rollback of it has not ended: execution \\S+\\. When`),
    )
  })

  test('finds the rollback among many that were begun before the change and behind it', { tags: 'long' }, async () => {
    const lab = openLab()
    await begunBesides(lab, 'before')
    const id = await changed(lab)
    await exits(12, lab.eosflow('rollback', id, '--detach'))
    await begunBesides(lab, 'behind')
    expect(await headlineOf(lab, id)).toMatch(
      /^A rollback of it has not ended: execution \S+\. When it ended: leaf1 has/,
    )
  })

  test('names the switches where only some were rolled back', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab({ switches: leaves(2), workflow: workflowFor('leaf1,leaf2', { rollout: '{ waves: [100%] }' }) })
    const id = await changed(lab)
    const back = await rolledBack(lab, id, '-t', 'leaf2')
    expect(await headlineOf(lab, id)).toMatch(new RegExp(`^Rolled back since on leaf2, by execution ${back}\\. When`))
  })

  test('names a later change that is no rollback, and behind which nothing of it is left', {
    tags: ['long', 'turn'],
  }, async () => {
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
