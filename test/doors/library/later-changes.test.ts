// @module-tag long
import { describe, expect, test } from 'vitest'
import type { EosflowProject } from '../../../src/index.ts'
import { carriedLab, carryPolicy } from '../../e2e/carried-lab.ts'
import { inLab } from '../../lab/code.ts'
import { exits, type Lab, openLab, PEOPLE, type Person } from '../../lab/lab.ts'

const whereLeaf1 = (lab: Lab) => lab.whereIs('leaf1')

/** A change that is confirmed, as its end says it. */
async function changed(project: EosflowProject) {
  const { plan, digest } = await project.plan({ workflow: 'workflow.yaml' })
  const { execution } = await project.start({ plan, approve: digest })
  expect(await project.settled(execution)).toMatchObject({ outcome: 'succeeded' })
  return execution
}

describe('redrive', () => {
  test('goes on with a change that was put back, and the switch holds it', { tags: 'turn' }, async () => {
    const lab = openLab()
    const project = await lab.code()
    lab.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 998'] })
    const { plan, digest } = await inLab(lab, project.plan({ workflow: 'workflow.yaml' }))
    const { execution } = await inLab(lab, project.start({ plan, approve: digest }))
    expect(await inLab(lab, project.settled(execution))).toMatchObject({ outcome: 'rolled-back' })
    expect(whereLeaf1(lab)).toBe('BEFORE')
    lab.clearFaults()
    expect(await inLab(lab, project.redrive(execution))).toEqual({ execution, isRunning: true })
    expect(await inLab(lab, project.settled(execution))).toMatchObject({ id: execution, outcome: 'succeeded' })
    expect(whereLeaf1(lab)).toBe('AFTER')
    // What has ended well is not begun again.
    await expect(inLab(lab, project.redrive(execution))).rejects.toMatchObject({
      problems: [{ code: 'not-redrivable' }],
    })
    await expect(inLab(lab, project.redrive({ execution } as never))).rejects.toMatchObject({ name: 'InputError' })
  })
})

describe('rollback', { tags: 'turn' }, () => {
  test('waits for an approval of its own plan, takes the change back, and a second time there is nothing', async () => {
    const lab = openLab()
    const project = await lab.code()
    const done = await inLab(lab, changed(project))
    expect(whereLeaf1(lab)).toBe('AFTER')
    const begun = await inLab(lab, project.rollback(done))
    const execution = begun.execution ?? ''
    expect(begun).toEqual({ execution: expect.stringMatching(/^\d{8}-\d{6}-[0-9a-f]{8}$/), isRunning: true })
    const waits = await inLab(lab, project.settled(execution))
    // Nothing is approved by itself, also not what takes back.
    expect(waits).toMatchObject({ status: 'running', exitCode: 12, waitingFor: [{ waitsFor: 'approval' }] })
    expect(whereLeaf1(lab)).toBe('AFTER')
    const digest = waits.plan ?? ''
    await inLab(lab, project.decide({ decision: 'approve', plan: { execution }, digest }))
    await inLab(lab, project.resume(execution))
    expect(await inLab(lab, project.settled(execution))).toMatchObject({ outcome: 'succeeded' })
    expect(whereLeaf1(lab)).toBe('BEFORE')
    expect(await inLab(lab, project.rollback(done))).toEqual({ isRunning: false, of: done, without: ['leaf1'] })
  })

  test('is of the switches that are named, is approved by a whole digest alone, and knows each of its terms', async () => {
    const lab = openLab()
    const project = await lab.code()
    const done = await inLab(lab, changed(project))
    const fails = (terms: object) => inLab(lab, project.rollback(done, terms as never)).catch((error: unknown) => error)
    expect(await fails({ target: 'leaf99' })).toMatchObject({ name: 'InputError' })
    expect(await fails({ approve: '1234abcd' })).toMatchObject({ problems: [{ code: 'no-whole-digest' }] })
    expect(await fails({ targets: 'leaf1' })).toMatchObject({ name: 'InputError' })
    expect(await fails({ yes: true })).toMatchObject({ name: 'InputError' })
    // Of a switch that the change has not touched there is nothing to take back.
    expect(await inLab(lab, project.rollback(done, { target: 'leaf3' }))).toMatchObject({ of: done, without: [] })
    // Another digest than that of its plan approves nothing.
    const { execution = '' } = await inLab(lab, project.rollback(done, { approve: `sha256:${'0'.repeat(64)}` }))
    expect(await inLab(lab, project.settled(execution))).toMatchObject({ error: { kind: 'stale' } })
    expect(whereLeaf1(lab)).toBe('AFTER')
  })
})

/** The project of a lab with people, as one of them. */
const as = (lab: Lab, person: Person): Promise<EosflowProject> =>
  lab.code({}, { seams: (seams) => ({ ...seams, principal: PEOPLE[person] }) })

describe('rebase', { tags: 'turn' }, () => {
  test('plans a saved plan again, carries its approval and sends that; a second time it is refused', async () => {
    const { lab, byHand, approved } = carriedLab()
    await approved()
    await byHand('vlan 211', 'name HAND')
    const alice = await as(lab, 'alice')
    const plan = { file: 'a.plan' }
    const started = await inLab(lab, alice.start({ plan }))
    expect(await inLab(lab, alice.settled(started.execution))).toMatchObject({ error: { kind: 'stale' }, exitCode: 5 })
    expect(whereLeaf1(lab)).toBe('BEFORE')
    const { execution, isRunning } = await inLab(lab, alice.rebase({ plan }))
    expect(isRunning).toBe(true)
    expect(await inLab(lab, alice.settled(execution))).toMatchObject({ outcome: 'succeeded' })
    expect(whereLeaf1(lab)).toBe('AFTER')
    await expect(inLab(lab, alice.rebase({ plan }))).rejects.toMatchObject({ name: 'EosflowError', kind: 'stale' })
  })

  test('takes the files of signed approvals that came with the plan', async () => {
    const { lab, as: typedAs, byHand } = carriedLab()
    await exits(0, typedAs('alice', 'plan', 'workflow.yaml', '-o', 'a.plan'))
    await exits(0, typedAs('bob', 'approve', 'a.plan', '-o', 'bob.approval'))
    await byHand('vlan 211', 'name HAND')
    const alice = await as(lab, 'alice')
    const plan = { file: 'a.plan' }
    await expect(inLab(lab, alice.rebase({ plan }))).rejects.toMatchObject({ kind: 'stale' })
    const { execution } = await inLab(lab, alice.rebase({ plan, approvals: ['bob.approval'] }))
    expect(await inLab(lab, alice.settled(execution))).toMatchObject({ outcome: 'succeeded' })
    expect(whereLeaf1(lab)).toBe('AFTER')
  })

  test('carries nothing where no rule lets it, and takes no approval, key or break-glass beside it', async () => {
    const policy = carryPolicy({ demand: 'count: 1, from: [approver], notRequester: true' })
    const { lab, byHand, approved } = carriedLab({ policy })
    await approved()
    await byHand('vlan 211', 'name HAND')
    const alice = await as(lab, 'alice')
    const plan = { file: 'a.plan' }
    await expect(inLab(lab, alice.rebase({ plan }))).rejects.toMatchObject({
      kind: 'stale',
      message: expect.stringContaining('no rule of the policy lets one: `carry: { kinds: [...] }`'),
    })
    for (const beside of [{ approve: `sha256:${'0'.repeat(64)}` }, { key: 'k' }, { breakGlass: 'now' }])
      await expect(inLab(lab, alice.rebase({ plan, ...beside }))).rejects.toMatchObject({ name: 'InputError' })
    expect(whereLeaf1(lab)).toBe('BEFORE')
  })
})
