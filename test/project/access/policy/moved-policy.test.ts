import { describe, expect, test } from 'vitest'
import type { Plan } from '../../../../src/change/plan/plan.ts'
import type { EventBody, JournalEvent } from '../../../../src/change/record/event/event.ts'
import type { AppendCondition, Journal } from '../../../../src/change/record/store/journal.ts'
import type { Actor } from '../../../../src/change/record/store/store.ts'
import { endFreezes, setFreeze } from '../../../../src/features/freeze/set-freeze.ts'
import { type Scope, scopes } from '../../../../src/model/principal.ts'
import { retirePolicy } from '../../../../src/project/access/policy/explain-policy.ts'
import type { App } from '../../../../src/project/app/app.ts'
import { decideAs } from '../../../../src/project/approval/decide.ts'
import { requestApproval } from '../../../../src/project/approval/plan-queue.ts'
import { beginChange, planChange } from '../../../../src/project/execution/begin/begin-change.ts'
import { drive } from '../../../../src/project/execution/resume/drive.ts'
import { executionToResume } from '../../../../src/project/execution/resume/resume.ts'
import { takeUpOpen } from '../../../../src/project/execution/run/run.ts'
import type { Caller } from '../../../../src/project/identity/caller-of.ts'
import { adoptRunning } from '../../../../src/project/plan/intent/adopt.ts'
import { rotateKey } from '../../../../src/project/record/keys/rotate-key.ts'
import { takeSnapshot } from '../../../../src/project/switches/snapshot/take-snapshot.ts'
import { everyNthOfLong } from '../../../extent.ts'
import { appWith, type Lab, openLab, personNamed, preparedIn, whileTimePasses } from '../../../lab/lab.ts'
import { openedIn, published } from '../../authoring/publish/opened.ts'

const ann: Caller = personNamed('ann')
const ALL = [...scopes].filter((scope) => !scope.startsWith('breakglass'))

/** A policy that lets people do all of these. `note`: what tells it from another one that lets the same. */
const policyOf = (allowed: readonly string[], note = 'all') =>
  `version: 1\nrules:\n  - { id: ${note}, to: ['kind:person'], allow: [${allowed.join(', ')}] }\n`

/** An application of which nobody has written what the policy allows until `between` was done: at the first such write. */
function racing(app: App, between: () => Promise<unknown>): { readonly app: App; readonly ran: () => boolean } {
  let hasRun = false
  const racingJournal = (journal: Journal): Journal => ({
    read: (execution) => journal.read(execution),
    append: async (execution, events, after, again) => {
      if (!hasRun && typeof after === 'object' && after.some(isOfPolicy)) {
        hasRun = true
        await between()
      }
      return journal.append(execution, events, after, again)
    },
  })
  const store = new Proxy(app.store, {
    get: (of, name) => {
      const member: unknown = Reflect.get(of, name)
      if (name === 'as') return (actor: Actor) => racingJournal(of.as(actor))
      return typeof member === 'function' ? member.bind(of) : member
    },
  })
  return { app: appWith(app, { store, journalAs: (actor) => racingJournal(app.journalAs(actor)) }), ran: () => hasRun }
}

const isOfPolicy = (condition: AppendCondition) => 'policy' in condition

interface Act {
  /** What has to be there before. */
  readonly given?: (app: App, lab: Lab) => Promise<unknown>
  readonly act: (app: App, made: never, lab: Lab) => Promise<unknown>
  /** The record of the act. */
  readonly type: EventBody['type']
}

const planned = async (app: App, lab: Lab): Promise<Plan> => {
  const planning = planChange(app, ann, { prepared: preparedIn(app), skipUnreachable: false })
  const { plan } = await whileTimePasses(lab.clock, planning)
  if (plan === undefined) throw new Error('nothing was planned')
  return plan
}

/** Each act of the table of rights, or why it writes nothing that another policy could have forbidden meanwhile. */
const ACTS = {
  'workflow.list': 'reads',
  'plan.read': 'reads',
  'execution.read': 'reads',
  'audit.read': 'reads',
  'task.plan': 'each state asks at its start',
  'task.push': 'each state asks at its start, and the approvals are judged before each commit',
  'task.verify': 'each state asks at its start',
  'task.confirm': 'each state asks at its start',
  'task.rollback': 'each state asks at its start',
  'task.exec': 'each state asks at its start',
  'audit.export': 'says what has left; a copy of the store is written by writeAllowed',
  'device.unlock': 'by writeAllowed: needs a switch that was left alone',
  'worker.drain': 'by writeAllowed: needs a worker',
  'clock.accept': 'by writeAllowed: needs a wrong clock',
  'backup.secrets': 'by writeAllowed: needs a recipient',
  'breakglass.use': 'with execution.start',
  'plan.create': { act: (app, _, lab) => planned(app, lab), type: 'ExecutionStarted' },
  'plan.approve': {
    given: planned,
    act: (app, plan) => decideAs(app, ann, plan, { decision: 'approve', comment: 'x' }),
    type: 'ApprovalDecided',
  },
  'plan.reject': {
    given: planned,
    act: (app, plan) => decideAs(app, ann, plan, { decision: 'reject', comment: 'x' }),
    type: 'ApprovalDecided',
  },
  'approval.request': {
    given: planned,
    act: (app, plan) => requestApproval(app, ann, plan, 'x'),
    type: 'ApprovalRequested',
  },
  'execution.start': { act: (app) => beginChange(app, ann, { prepared: preparedIn(app) }), type: 'ExecutionStarted' },
  'execution.stop': {
    given: (app) => setFreeze(app, ann, { reason: 'x' }),
    act: (app) => endFreezes(app, ann, { reason: 'x' }),
    type: 'FreezeEnded',
  },
  'task.snapshot': { act: (app) => takeSnapshot(app, ann, { target: 'leaf1', name: 'one' }), type: 'SnapshotTaken' },
  'baseline.set': 'with task.snapshot',
  'notice.end': 'with task.snapshot',
  'intent.adopt': { act: (app) => adoptRunning(app, ann, 'leaf1'), type: 'SnapshotTaken' },
  'policy.edit': {
    given: async (app) => app.keys.readOrMake('server'),
    act: (app) => rotateKey(app, ann, 'server', 'x'),
    type: 'KeyRotated',
  },
  'bundle.publish': { act: (app) => published(app), type: 'BundlePublished' },
  'policy.retire': { act: (app) => retirePolicy(app, ann, 'x'), type: 'PolicyRetired' },
} as const satisfies Record<Scope, Act | string>

const RUN = Object.entries(ACTS as Record<string, Act | string>).flatMap(([scope, act]) =>
  typeof act === 'string' ? [] : [[scope, act] as const],
)

async function allRecords(app: App): Promise<readonly JournalEvent[]> {
  const own = await Promise.all((await app.store.executionIds()).map((id) => app.store.read(id)))
  const seen: JournalEvent[] = []
  for (const type of ['ApprovalDecided', 'ApprovalRequested', 'FreezeEnded'] as const)
    seen.push(...(await app.store.newestOf(type, 10)))
  return [...own.flat(), ...seen, ...(await app.store.snapshots()), ...(await app.store.bundles())]
}

/** A lab under a policy, and the same folder opened by somebody else, who brings another policy. */
async function office(allowed: readonly string[]) {
  const lab = openLab({ files: { 'policy.yaml': policyOf(ALL) } })
  const app = await openedIn(lab.dir, { lab })
  await published(app)
  const opened = await openedIn(lab.dir, { lab })
  const bring = async () => {
    lab.write('policy.yaml', policyOf(allowed, 'other'))
    return published(await openedIn(lab.dir, { lab }))
  }
  return { lab, app: opened, bring }
}

describe('a policy that changes after an act was allowed and before it is on record', () => {
  const own = RUN.filter(([scope]) => scope !== 'bundle.publish' && scope !== 'policy.retire')

  test.each(own)('[3A9] %s: forbids it', async (scope, { given, act, type }) => {
    const { lab, app, bring } = await office(ALL.filter((one) => one !== scope))
    const made = await given?.(app, lab)
    const known = (await allRecords(app)).filter((one) => one.type === type).length
    const race = racing(app, bring)
    await expect(act(race.app, made as never, lab)).rejects.toMatchObject({ kind: 'not-authorised' })
    expect(race.ran()).toBe(true)
    expect((await allRecords(app)).filter((one) => one.type === type)).toHaveLength(known)
  })

  test.each(everyNthOfLong(3, 'acts that another policy allows', own))(
    '%s: and allows it is what it is on record by',
    async (_scope, { given, act, type }) => {
      const { lab, app, bring } = await office(ALL)
      const made = await given?.(app, lab)
      const race = racing(app, bring)
      await act(race.app, made as never, lab)
      expect(race.ran()).toBe(true)
      const [newest] = await app.store.bundles(1)
      const record = (await allRecords(app)).filter((one) => one.type === type).sort((a, b) => b.seq - a.seq)[0]
      if (type !== 'KeyRotated') expect(record?.seq).toBeGreaterThan(newest?.seq ?? 0)
    },
  )

  test('is looked for in each right that there is', () => {
    expect(own).toHaveLength(9)
    expect(Object.keys(ACTS)).toHaveLength(29)
  })
})

describe('an execution that waits, and a policy that changes while somebody goes on with it', () => {
  const waiting = async (allowed: readonly string[]) => {
    const { lab, app, bring } = await office(allowed)
    const begun = await beginChange(app, ann, { prepared: preparedIn(app) })
    if (begun.kind !== 'begun') throw new Error('nothing was begun')
    return { lab, app, bring, id: begun.state.id }
  }
  const resumed = async (app: App, id: string) => (await app.store.read(id)).filter(({ type }) => type === TAKEN).length
  const TAKEN = 'ExecutionResumed'
  const WAYS: readonly (readonly [string, string, (app: App, id: string) => Promise<unknown>])[] = [
    [
      'a person',
      'not-authorised',
      async (app, named) => {
        const { id, allowed } = await executionToResume(app, ann, named, false)
        return takeUpOpen(app, ann, id, { allowed })
      },
    ],
    ['a worker', 'for-a-person', (app, id) => drive(app, ann, id)],
  ]

  test.each(WAYS)('[3A9] %s does not where it forbids that: nothing is on record', async (_who, ends, goOn) => {
    const { app, bring, id } = await waiting(ALL.filter((one) => one !== 'execution.start'))
    const race = racing(app, bring)
    // A worker leaves it to a person, with the reason on record.
    expect(await goOn(race.app, id).catch(({ kind }) => kind)).toBe(ends)
    expect(race.ran()).toBe(true)
    expect(await resumed(app, id)).toBe(0)
  })

  test('a person does where it allows that', async () => {
    const { app, bring, id } = await waiting(ALL)
    const race = racing(app, bring)
    await WAYS[0]?.[2](race.app, id)
    expect([race.ran(), await resumed(app, id)]).toEqual([true, 1])
  })
})

describe('of several that publish at once', () => {
  test('[G111] [3A9] one wins, and the others are stale, however many there are', async () => {
    const { lab } = await office(ALL)
    const apps = await Promise.all(Array.from({ length: 6 }, () => openedIn(lab.dir, { lab })))
    const outcomes = await Promise.allSettled(
      apps.map((app, index) => {
        lab.write('policy.yaml', policyOf(ALL, `p${index}`))
        return published(app)
      }),
    )
    const failed = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(failed.length).toBeGreaterThan(0)
    for (const error of failed)
      expect(error).toMatchObject({ kind: 'stale', message: expect.stringMatching(/came into force meanwhile/) })
    const bundles = await (apps[0] as App).store.bundles()
    // Each has come after the one that it names.
    for (const [index, bundle] of bundles.slice(0, -1).entries()) expect(bundle.before).toBe(bundles[index + 1]?.bundle)
    expect(bundles).toHaveLength(1 + outcomes.length - failed.length)
  })

  test('a stricter policy is not replaced by one whom it forbids', async () => {
    const { lab, app } = await office(ALL)
    lab.write('policy.yaml', policyOf(ALL, 'mine'))
    const strict = policyOf(ALL.filter((one) => one !== 'bundle.publish')).concat(
      "  - { id: bob, to: [bob], allow: [bundle.publish] }\nroles: { bob: { members: ['local:1001:bob@noc1'] } }\n",
    )
    const race = racing(app, async () => {
      lab.write('policy.yaml', strict)
      return published(await openedIn(lab.dir, { lab }))
    })
    await expect(published(race.app)).rejects.toMatchObject({ kind: 'stale' })
    expect(race.ran()).toBe(true)
    await expect(published(app)).rejects.toMatchObject({ kind: 'not-authorised' })
    expect(await app.store.bundles()).toHaveLength(2)
  })

  test('[3A9] a first policy stays where another publisher has none', async () => {
    const lab = openLab()
    const app = await openedIn(lab.dir, { lab })
    const other = await openedIn(lab.dir, { lab })
    const race = racing(app, async () => {
      lab.write('policy.yaml', policyOf(ALL))
      return published(other)
    })
    await expect(published(race.app)).rejects.toMatchObject({ kind: 'stale' })
    expect(race.ran()).toBe(true)
    expect(await app.store.bundles()).toHaveLength(1)
    expect(await app.store.policySeen()).toMatchObject({ type: 'PolicyLoaded' })
  })
})
