import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/change/plan/plan.ts'
import { storePlan } from '../../src/change/plan/stored-plan.ts'
import { policyDigest } from '../../src/change/policy/policy.ts'
import { readPolicy } from '../../src/change/policy/read-policy.ts'
import { requireRebase } from '../../src/project/execution/begin/begin-change.ts'
import type { Caller } from '../../src/project/identity/caller-of.ts'
import { BASE, DEFINITION, edited, planOn } from '../change/plan/material.ts'
import type { App } from '../lab/lab.ts'

const PORT = ['interface Ethernet2', '   switchport access vlan 120']
const APPROVED = planOn(BASE, PORT)
const ELSEWHERE = planOn(BASE, PORT, { key: 'e1'.repeat(32) })
const madeOf = (first: Plan) =>
  planOn(edited(['description spare', 'description used']), PORT, { rebases: first.digest })

/** A policy by which an approval may carry, and everybody may begin a change. */
function carrying() {
  const { id } = DEFINITION.requester
  const read = readPolicy(
    `version: 1
roles: { all: { members: ["${id}"] } }
rules:
  - id: change
    allow: [execution.start, task.push]
    to: [all]
    require: { approvals: { count: 1, carry: { kinds: [vlan.name] } } }
`,
    'policy.yaml',
  )
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return { policy: read.value, digest: policyDigest(read.value, null, null) }
}

/** Requires what a rebase needs, in a project whose store has seen a plan and nothing carried. */
async function asked(plan: Plan, seen: Plan | undefined, policy?: ReturnType<typeof carrying>) {
  const texts: string[] = []
  const put = async (text: string) => `blob:${texts.push(text) - 1}`
  const record = seen === undefined ? undefined : await storePlan({ put }, seen)
  const app = {
    key: { text: DEFINITION.key, former: [] },
    keys: { read: () => undefined },
    clock: { now: () => 0 },
    store: {
      carried: async () => [],
      bundles: async () => [],
      policySeen: async () => undefined,
      newestOf: async () => [],
      freezes: async () => [],
      head: async () => undefined,
      restored: async () => undefined,
      planMade: async (digest: string) => (digest === seen?.digest ? { plan: record } : undefined),
      get: async (ref: string) => texts[Number(ref.slice(5))] ?? '',
    },
    project: { policy: () => policy, inventory: () => ({ devices: [] }) },
  } as unknown as App
  const caller = { principal: DEFINITION.requester } as Caller
  return requireRebase(app, caller, { plan, file: 'a.plan' }).catch((error: Error) => error)
}

const NO_RULE = /no rule of the policy lets one: `carry: \{ kinds: \[\.\.\.\] \}`$/

describe('a plan is made again', () => {
  test.each<readonly [string, Plan, Plan | undefined, RegExp]>([
    ['it is sealed here, and no policy lets an approval carry', APPROVED, APPROVED, NO_RULE],
    ['so is the one that it was made again of', madeOf(APPROVED), APPROVED, NO_RULE],
    ['it was sealed under another install key', ELSEWHERE, undefined, /sealed under another install key$/],
    ['the one that it was made again of was', madeOf(ELSEWHERE), ELSEWHERE, /sealed under another install key$/],
    [
      'it says itself of which one it was made, and was changed after it was made',
      { ...ELSEWHERE, content: { ...ELSEWHERE.content, rebases: APPROVED.digest } },
      APPROVED,
      /sealed under another install key$/,
    ],
    [
      'the one that it was made again of is not there',
      madeOf(APPROVED),
      undefined,
      /that it was made again of is not on record$/,
    ],
  ])('only as far as this, where %s', async (_what, plan, seen, reason) => {
    expect(await asked(plan, seen)).toMatchObject({ kind: 'stale', message: expect.stringMatching(reason) })
  })

  test('never where the plan itself keeps an approval from carrying, whatever the switches run', async () => {
    const plan = planOn(BASE, PORT, { allow: ['users'] })
    expect(await asked(plan, plan, carrying())).toMatchObject({
      kind: 'stale',
      message: expect.stringMatching(/the plan may change users, passwords and keys$/),
    })
  })
})
