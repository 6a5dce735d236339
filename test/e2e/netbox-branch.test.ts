import { describe, expect, test } from 'vitest'
import { exits, openLab } from '../lab/lab.ts'
import { branched, SYNCED, timed } from './branch-lab.ts'

test('a plan from a branch shows what the branch makes, and is run when the branch is merged', async () => {
  const { lab, merge, plan, run } = await branched()
  const { code, out } = await plan()
  expect([code, out]).toEqual([0, expect.stringContaining('name TESTED')])
  expect(out).toContain(`Made from the branch new-vlan (td5smq0f, last synced ${SYNCED}) of netbox http://127.0.0.1:`)
  const shown = await lab.eosflow('show b.plan --json')
  expect(JSON.parse(shown.out).plan.content.branch).toEqual({
    source: expect.stringMatching(/^netbox http:\/\/127\.0\.0\.1:\d+$/),
    name: 'new-vlan',
    schema: 'td5smq0f',
    lastSync: SYNCED,
  })
  merge('TESTED')
  expect([(await run()).code, lab.whereIs('leaf1')]).toEqual([0, 'AFTER'])
})

test('a plan of main has no branch, and what was read of a branch is not taken for main', {
  tags: ['long', 'turn'],
}, async () => {
  const { lab, plan } = await branched()
  await exits(0, plan())
  const { out } = await lab.eosflow('plan workflow.yaml')
  expect(out).toContain('name OLD')
  expect(out).not.toContain('Made from the branch')
})

test('while the branch is not merged the plan is not run, also where main says the same', {
  tags: ['long', 'turn'],
}, async () => {
  const { lab, plan, run, state } = await branched()
  state.onBranch = 'OLD'
  await exits(0, plan())
  const { code, out, err } = await run()
  expect([code, out + err]).toEqual([9, expect.stringContaining('the branch `new-vlan` is not merged (ready)')])
  expect(timed(lab)).toBe(0)
  const typed = await lab.eosflow('run b.plan --netbox-branch new-vlan')
  expect([typed.code, timed(lab)]).toEqual([3, 0])
})

test('what was merged differs from what was read: stale, and the datum is named', async () => {
  const { lab, merge, plan, run } = await branched()
  await exits(0, plan())
  merge('OTHER')
  const { code, out, err } = await run()
  expect([code, out + err]).toEqual([5, expect.stringContaining('leaf1: vars.custom_fields.vlan')])
  expect(timed(lab)).toBe(0)
})

test('another branch of the same name is not the one that the plan was made from', {
  tags: ['long', 'turn'],
}, async () => {
  const { lab, merge, plan, run, state } = await branched()
  await exits(0, plan())
  merge('TESTED')
  state.branch = { ...state.branch, schema_id: 'zzzzzzzz' }
  const { code, out, err } = await run()
  expect([code, out + err]).toEqual([5, expect.stringContaining('is another branch than the one')])
  expect(timed(lab)).toBe(0)
})

test('the digest of a plan holds when the branch was last synced', { tags: ['long', 'turn'] }, async () => {
  const { lab, plan, state } = await branched()
  const digest = async () =>
    /Digest: (\S+)/.exec((await plan()).out)?.[1] ?? (await lab.eosflow('show b.plan --json')).out.slice(0, 120)
  const first = await digest()
  expect(await digest()).toBe(first)
  state.branch = { ...state.branch, last_sync: '2026-11-22T08:00:00Z' }
  expect(await digest()).not.toBe(first)
})

describe('nothing is read of a branch', () => {
  const BAD: readonly (readonly [string, object, string])[] = [
    ['that is not there', { name: 'else' }, 'has no branch `new-vlan`'],
    ['that is being synced', { status: { value: 'syncing', label: '' } }, 'is not ready (syncing)'],
    ['that is merged already', { status: { value: 'merged', label: '' } }, 'is not ready (merged)'],
    ['without a schema', { schema_id: '' }, 'is missing or of another kind'],
    ['whose schema would end the header', { schema_id: 'a\r\nx: y' }, 'is missing or of another kind'],
  ]
  test.each(BAD)('%s', async (_name, change, said) => {
    const { plan, state } = await branched()
    state.branch = { ...state.branch, ...change }
    const { code, out, err } = await plan()
    expect([code, out + err]).toEqual([10, expect.stringContaining(said)])
  })
  test('the table was looked at', () => expect(BAD.length).toBe(5))
})

test('a branch that is synced while it is read gives nothing', async () => {
  const { plan, state } = await branched()
  state.onLook = (looks) => {
    if (looks === 2) state.branch = { ...state.branch, last_sync: '2026-11-22T08:00:00Z' }
  }
  const { code, out, err } = await plan()
  expect([code, out + err]).toEqual([10, expect.stringContaining('was synced or merged while it was read')])
})

test('an inventory without a NetBox has no branch', async () => {
  const lab = openLab()
  const { code, out, err } = await lab.eosflow('plan workflow.yaml --netbox-branch new-vlan')
  expect([code, out + err]).toEqual([3, expect.stringContaining('no NetBox is a source')])
})
