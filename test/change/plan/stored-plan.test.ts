import { expect, test } from 'vitest'
import type { Plan } from '../../../src/change/plan/plan.ts'
import { planFileText, requirePlanSize, storedPlan, storePlan } from '../../../src/change/plan/stored-plan.ts'
import { thrownBy } from '../record/sqlite/open-for-test.ts'

const PLAN = {
  version: 2,
  digest: 'sha256:1',
  content: { v: 2, warnings: [] },
  evidence: {
    createdAt: '2026-01-05T08:00:00.000Z',
    deviceDiffs: { leaf1: '+ vlan 10', leaf2: '' },
    state: { leaf1: { vlan: { 1: 'default' } }, spine1: { vlan: {} } },
    roundTrips: { leaf1: 12 },
  },
  seal: { key: 'k', own: 'o', signature: 's' },
} as unknown as Plan

/** Texts under names that are counted. */
function texts() {
  const kept: string[] = []
  return {
    kept,
    put: async (text: string) => {
      if (!kept.includes(text)) kept.push(text)
      return `blob:${kept.indexOf(text)}`
    },
    get: async (ref: string) => kept[Number(ref.slice('blob:'.length))] ?? '',
  }
}

test('what each switch showed is stored apart from its plan, once for all plans that were made of the same', async () => {
  const store = texts()
  const ref = await storePlan(store, PLAN)
  expect(store.kept).toEqual([
    '{"state":{"vlan":{"1":"default"}},"deviceDiff":"+ vlan 10"}',
    '{"state":{"vlan":{}}}',
    '{"deviceDiff":""}',
    '{"version":2,"digest":"sha256:1","content":{"v":2,"warnings":[]},"evidence":{"createdAt":"2026-01-05T08:00:00.000Z","roundTrips":{"leaf1":12},"state":{},"deviceDiffs":{},"parts":{"leaf1":"blob:0","spine1":"blob:1","leaf2":"blob:2"}},"seal":{"key":"k","own":"o","signature":"s"}}',
  ])
  expect(await storedPlan(store, ref)).toEqual(PLAN)
  await storePlan(store, { ...PLAN, digest: 'sha256:2' })
  expect(store.kept).toHaveLength(5)
})

test('[N5] a plan with more bytes than are read of one is refused, with both sizes, and nothing of it is stored', async () => {
  expect(await thrownBy(() => requirePlanSize('x'.repeat(1_600_000), 1_048_576))).toMatchObject({
    kind: 'guard',
    message: 'the plan has 1.5 MiB, and a plan may have 1 MiB',
  })
  expect(
    await thrownBy(() => requirePlanSize('x'.repeat(1_048_576), 1_048_576)).then(
      () => 'thrown',
      () => 'taken',
    ),
  ).toBe('taken')
  const store = texts()
  const large = { ...PLAN, content: { ...PLAN.content, checks: 'x'.repeat(67_108_864) } } as Plan
  expect(await thrownBy(() => storePlan(store, large))).toMatchObject({ kind: 'guard' })
  expect(store.kept).toEqual([])
})

test('[N5] what switches showed does not count in the store, and counts in a file, which has all of it', async () => {
  const evidence = { ...PLAN.evidence, state: { leaf1: { config: 'x'.repeat(67_108_864) } } }
  const large = { ...PLAN, evidence } as Plan
  expect(await storePlan(texts(), large)).toBe('blob:2')
  expect(await thrownBy(() => planFileText(large))).toMatchObject({
    kind: 'guard',
    message: expect.stringMatching(/^the plan has 64\.0 MiB, and a plan may have 64 MiB$/),
  })
})
