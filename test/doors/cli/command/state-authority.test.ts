import { describe, expect, test } from 'vitest'
import { foldAll } from '../../../../src/change/engine/fold.ts'
import { planDigest } from '../../../../src/change/plan/make-plan.ts'
import type { Plan, PlanContent } from '../../../../src/change/plan/plan.ts'
import { policyDigest } from '../../../../src/change/policy/policy.ts'
import { readPolicy } from '../../../../src/change/policy/read-policy.ts'
import type { EventBody, JournalEvent } from '../../../../src/change/record/event/event.ts'
import { TASKS, type TaskName, type TaskState } from '../../../../src/change/workflow/machine/machine.ts'
import { digestOf } from '../../../../src/model/digest.ts'
import type { Principal } from '../../../../src/model/principal.ts'
import type { PolicyContext } from '../../../../src/project/access/policy/authority.ts'
import { demandsOn } from '../../../../src/project/access/policy/demands.ts'
import { requireResumable, requireStoppable, stateAuthority } from '../../../../src/project/access/policy/entry.ts'
import type { SilentCaller } from '../../../../src/project/identity/caller-of.ts'
import { hintWords } from '../../../../src/report/hint-words.ts'
import { PEOPLE, partOf, policyWith, type Variant } from '../../../lab/lab.ts'

const AT = Date.parse('2026-01-05T08:00:00Z')

/** Where it is decided by the table's policy and who asks, and what was put on record there. */
function askedOf(actor: Principal, variant: Variant, plan?: object, journal: readonly object[] = []) {
  const read = readPolicy(policyWith(variant), 'policy.yaml')
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'))
  const loaded = { policy: read.value, digest: policyDigest(read.value, null) }
  const devices = ['leaf1', 'leaf2', 'spine1', 'spine2'].map((name) => ({ name, tags: { role: name.slice(0, -1) } }))
  const records: EventBody[] = []
  const store = {
    as: () => ({
      append: async (_execution: string | undefined, events: readonly EventBody[]) => void records.push(...events),
    }),
    get: async () => JSON.stringify(plan),
    read: async () => journal,
  }
  return {
    asked: {
      project: { policy: () => loaded, inventory: () => ({ devices }) },
      store,
      clock: { now: () => AT },
      words: hintWords,
      principal: actor,
    } as unknown as PolicyContext & SilentCaller,
    records,
  }
}

/** An execution of alice on some switches, of which some have been armed. */
function executionOf(targets: readonly string[], armed: readonly string[]) {
  const at = new Date(AT).toISOString()
  const bodies = [
    {
      type: 'ExecutionStarted',
      purpose: 'run',
      workflow: 'w',
      file: 'w.yaml',
      definition: 'd',
      interpreter: 2,
      params: {},
      input: {},
      context: {},
      requester: PEOPLE.alice,
      targets,
      machine: { version: 3, startAt: 'S', states: {} },
    },
    { type: 'PlanMade', digest: 'p', plan: 'blob:p', waves: [targets], unchanged: [] },
    ...armed.map((device) => ({ type: 'ActIntended', device, act: 'arm', session: 's' })),
  ]
  const events = bodies.map((body, index) => ({ v: 1, seq: index + 1, at, actor: 'a', execution: 'x', ...body }))
  return foldAll('x', events as unknown as readonly JournalEvent[])
}

/** A plan as it is on record, under the digest of what it says. */
function planOf(waves: readonly (readonly string[])[], concurrency = 10, devices: readonly object[] = []): object {
  const content = {
    v: 3,
    requesters: [],
    waves,
    concurrency,
    atomic: 'change',
    approve: null,
    timers: { verifyWithin: 20, confirmWithin: 300, stableFor: 0, every: 2 },
    workflow: { file: 'w.yaml', params: {} },
    devices,
    warnings: [],
    allow: [],
    offline: false,
  }
  return {
    version: 3,
    digest: planDigest(content as unknown as PlanContent),
    content,
    evidence: { state: {}, parts: {} },
  }
}

const stateOf = (task: TaskName): TaskState =>
  ({ kind: 'Task', name: 'It', task, scope: TASKS[task].scope }) as TaskState

async function decideOn(
  task: TaskName,
  {
    who = PEOPLE.alice,
    variant = {},
    targets = ['leaf1'],
    armed = [],
    devices = targets,
    plan = planOf([targets]),
  }: {
    who?: Principal
    variant?: Variant
    targets?: readonly string[]
    armed?: readonly string[]
    devices?: readonly string[]
    plan?: object
  } = {},
) {
  const { asked } = askedOf(who, variant, plan)
  const ruling = await stateAuthority(
    asked,
    asked,
    undefined,
  )({ state: stateOf(task), devices }, executionOf(targets, armed))
  if (ruling.effect === 'allow') return 'allowed'
  const { kind, hint = '' } = ruling.error
  // Whoever follows the hint asks about the right that is lacking; an altered plan says what mends it.
  if (kind !== 'stale') expect(hint).toContain(`eosflow policy explain ${ruling.record.needs}`)
  return `${kind}: ${ruling.record.needs}`
}

describe('the start of a state', () => {
  test.each([
    ['a push in an open window', 'push', {}, 'allowed'],
    ['a push in a closed window', 'push', { variant: { window: 'closed' } }, 'window-closed: task.push'],
    ['a push that the window does not hold', 'push', { variant: { window: 'short' } }, 'window-closed: task.push'],
    ['a push in a freeze', 'push', { variant: { isFrozen: true } }, 'window-closed: task.push'],
    [
      'the confirm of what is live, the window closed meanwhile',
      'confirm',
      { armed: ['leaf1'], variant: { window: 'closed' } },
      'allowed',
    ],
    ['the same, frozen meanwhile', 'confirm', { armed: ['leaf1'], variant: { isFrozen: true } }, 'allowed'],
    [
      'the confirm of what is live by nobody who may',
      'confirm',
      { armed: ['leaf1'], who: PEOPLE.dave },
      'not-authorised: task.confirm',
    ],
    ['a rollback of what is live by nobody who may', 'rollback', { armed: ['leaf1'], who: PEOPLE.dave }, 'allowed'],
    ['a rollback of what nobody has touched', 'rollback', { who: PEOPLE.dave }, 'not-authorised: task.rollback'],
    [
      'a push whose way back is denied',
      'push',
      { variant: { rules: ['{ id: no, deny: [task.rollback], to: [operator] }'] } },
      'not-authorised: task.rollback',
    ],
    [
      'a push of one switch while another of the plan is denied',
      'push',
      { who: PEOPLE.ci as Principal, targets: ['leaf1', 'spine1'], devices: ['leaf1'] },
      'not-authorised: task.push',
    ],
    [
      'more spines at a time than a rule allows',
      'push',
      { targets: ['spine1', 'spine2'], devices: ['spine1'] },
      'not-authorised: task.push',
    ],
    [
      'the same, told before anybody is asked to approve',
      'approve',
      { targets: ['spine1', 'spine2'] },
      'not-authorised: task.push',
    ],
    [
      'as many one after the other',
      'push',
      { targets: ['spine1', 'spine2'], devices: ['spine1'], plan: planOf([['spine1'], ['spine2']]) },
      'allowed',
    ],
    [
      'as many in one wave, one at a time',
      'push',
      { targets: ['spine1', 'spine2'], devices: ['spine1'], plan: planOf([['spine1', 'spine2']], 1) },
      'allowed',
    ],
    ['a look by an agent', 'snapshot', { who: PEOPLE.bot }, 'allowed'],
    ['a call of a service that no rule names', 'http', {}, 'not-authorised: task.exec'],
  ] as const)('%s', async (_name, task, given, expected) => {
    expect(await decideOn(task, given)).toBe(expected)
  })

  const BGP = planOf([['leaf1']], 10, [
    {
      name: 'leaf1',
      mode: 'merge',
      lines: ['no router bgp 65001'],
      diff: [{ sign: '-', text: 'router bgp 65001' }],
      unknownLines: [],
      base: { state: digestOf({}) },
    },
  ])
  /** A plan whose change cannot be read: it lacks what the workflow allows. */
  const { content: unread } = BGP as { readonly content: Readonly<Record<string, unknown>> }
  const { allow: _, ...lacking } = unread
  const UNREAD = { ...BGP, content: lacking, digest: planDigest(partOf<PlanContent>(lacking)) }
  const DENIED = '{ id: no-bgp, deny: [execution.start], to: [operator], on: { change: { kinds: [router-bgp] } } }'
  const OTHERS = '{ id: bgp-by-admins, allow: [execution.start], to: [admin], on: { change: { kinds: [router-bgp] } } }'
  test.each([
    ['is denied to start it', 'push', DENIED, [], 'not-authorised: execution.start'],
    ['the same, told before anybody is asked to approve', 'approve', DENIED, [], 'not-authorised: execution.start'],
    ['a rule lets others start alone', 'push', OTHERS, [], 'not-authorised: execution.start'],
    ['is denied to start it, a switch of it being live', 'confirm', DENIED, ['leaf1'], 'allowed'],
    ['may start it: the change is of another kind', 'push', DENIED.replace('router-bgp', 'vlan'), [], 'allowed'],
  ] as const)(
    'of a change whose plan nobody knew when it was started, by somebody who %s',
    async (_what, task, rule, armed, expected) => {
      expect(await decideOn(task, { variant: { rules: [rule] }, plan: BGP, armed })).toBe(expected)
    },
  )

  test.each(['push', 'approve'] as const)('%s of a change that cannot be read, and rules read it', async (task) => {
    const given = { variant: { rules: [DENIED] }, plan: UNREAD }
    expect(await decideOn(task, given)).toBe('not-authorised: execution.start')
  })

  test('what keeps from deciding is a denial, and says what it was', async () => {
    const { asked } = askedOf(PEOPLE.alice, {})
    const broken: PolicyContext & SilentCaller = {
      ...asked,
      project: {
        ...asked.project,
        policy: () => {
          throw new Error('disk on fire')
        },
      },
    }
    const ruling = await stateAuthority(
      broken,
      broken,
      undefined,
    )({ state: stateOf('push'), devices: ['leaf1'] }, executionOf(['leaf1'], []))
    expect(ruling).toMatchObject({ effect: 'deny', error: { kind: 'not-authorised' } })
    expect(ruling.effect === 'deny' && ruling.record.reason).toContain('disk on fire')
  })
})

describe('who goes on with an execution, or stops it', () => {
  const denial: Variant = { rules: ['{ id: no, deny: [execution.start, execution.stop], to: [operator] }'] }

  test('whoever started it, while it is live, though the policy no longer lets them start one: its states decide', async () => {
    const { asked, records } = askedOf(PEOPLE.alice, denial)
    await requireResumable(asked, asked, executionOf(['leaf1'], ['leaf1']))
    await requireStoppable(asked, asked, executionOf(['leaf1'], ['leaf1']))
    expect(records).toEqual([])
  })

  test('of a broken glass whoever may break it for that ticket, and nobody else', async () => {
    const used = [{ type: 'BreakGlassUsed', reason: 'INC-1', at: '2026-01-05T07:59:00.000Z' }]
    const late = [{ type: 'BreakGlassUsed', reason: 'INC-1', at: '2026-01-05T06:59:00.000Z' }]
    const left = executionOf(['leaf1'], ['leaf1'])
    const hero = askedOf(PEOPLE.hero, {}, undefined, used).asked
    await requireResumable(hero, hero, left)
    for (const [who, journal] of [
      [PEOPLE.hero, []],
      [PEOPLE.hero, late],
      [PEOPLE.dave, used],
      [PEOPLE.bot, used],
    ] as const) {
      const { asked } = askedOf(who, {}, undefined, journal)
      await expect(requireResumable(asked, asked, left)).rejects.toMatchObject({ kind: 'not-authorised' })
    }
  })

  test('not while nothing is live, and nobody else of whom it is denied: on record', async () => {
    const own = askedOf(PEOPLE.alice, denial)
    await expect(requireResumable(own.asked, own.asked, executionOf(['leaf1'], []))).rejects.toMatchObject({
      kind: 'not-authorised',
    })
    const other = askedOf(PEOPLE.zoe, denial)
    await expect(requireResumable(other.asked, other.asked, executionOf(['leaf1'], ['leaf1']))).rejects.toMatchObject({
      kind: 'not-authorised',
    })
    await expect(requireStoppable(other.asked, other.asked, executionOf(['leaf1'], ['leaf1']))).rejects.toMatchObject({
      kind: 'not-authorised',
    })
    expect(other.records).toMatchObject([
      { type: 'AccessDenied', needs: 'execution.start', rules: ['no'], devices: ['leaf1'], principal: { id: 'zoe' } },
      { type: 'AccessDenied', needs: 'execution.stop' },
    ])
  })
})

test('a push under a plan that was altered on record is stale, and not a matter of the policy', async () => {
  const altered = { ...planOf([['leaf1']]), digest: `sha256:${'0'.repeat(64)}` }
  expect(await decideOn('push', { plan: altered })).toBe('stale: task.push')
})

describe('a change of 300 switches', () => {
  /** Decides about the push of each, and counts the readings of tags and of the plan. */
  async function pushEach(rules: readonly string[]): Promise<{ tags: number; plans: number; effects: Set<string> }> {
    const names = Array.from({ length: 300 }, (_, index) => `${index % 3 === 0 ? 'spine' : 'leaf'}${index}`)
    const plan = planOf(names.map((name) => [name]))
    const { asked } = askedOf(PEOPLE.alice, { rules }, plan)
    const counted = { tags: 0, plans: 0 }
    const devices = names.map((name) => ({
      name,
      get tags() {
        counted.tags += 1
        return { role: name.replace(/\d+$/, '') }
      },
    }))
    const inventory = { devices }
    const get = async () => {
      counted.plans += 1
      return JSON.stringify(plan)
    }
    const large = {
      ...asked,
      project: { ...asked.project, inventory: () => inventory },
      store: { ...asked.store, get },
    } as unknown as PolicyContext & SilentCaller
    const authority = stateAuthority(large, large, undefined)
    const effects = new Set<string>()
    const execution = executionOf(names, [])
    for (const name of names) {
      const { effect } = await authority({ state: stateOf('push'), devices: [name] }, execution)
      effects.add(effect)
      demandsOn(large, large, plan as Plan, { isAsked: true })
    }
    return { ...counted, effects }
  }

  test('is decided about without looking at every switch again for each, and its plan is read once', {
    tags: ['long', 'turn'],
  }, async () => {
    const { tags, plans, effects } = await pushEach([])
    expect(effects).toEqual(new Set(['allow']))
    expect(plans).toBe(1)
    expect(tags).toBeGreaterThanOrEqual(300)
    expect(tags).toBeLessThan(300 * 100)
  })

  test('likewise where a confirm of some is denied, so that each is asked what it demands', {
    tags: 'long',
  }, async () => {
    const { tags } = await pushEach(['{ id: no, deny: [task.confirm], to: [operator], on: { tags: ["role:spine"] } }'])
    expect(tags).toBeGreaterThanOrEqual(300)
    expect(tags).toBeLessThan(300 * 100)
  })
})
