import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endFreezes } from '../../src/app/freeze/end-freeze.ts'
import { setFreeze } from '../../src/app/freeze/set-freeze.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import { soon } from '../lab/loopback.ts'
import { type CarriedChange, type CarriedTeam, callerOf, carriedTeam, policyOf } from './carried-team.ts'
import type { WorkerProcess } from './team.ts'

let given: CarriedTeam
const workers: WorkerProcess[] = []
beforeAll(async () => {
  given = await carriedTeam(20)
  given.policy(policyOf())
  workers.push(await given.team.worker(), await given.team.worker())
}, 120_000)
afterAll(() => given?.team.close())

/** What a switch was asked to commit, and the lines of the sessions that it was. */
async function sentTo({ device }: CarriedChange) {
  const { writes, commits } = await given.truth(device)
  const committed = writes.flatMap(({ commands, commit }) =>
    commit === 'timed' ? commands.flatMap((one) => /^configure session (\S+) commit timer/.exec(one)?.[1] ?? []) : [],
  )
  const lines = writes.flatMap(({ commands }) => {
    const session = commands.flatMap((one) => /^configure session (\S+)$/.exec(one)?.[1] ?? [])[0] ?? ''
    return committed.includes(session) ? [commands.slice(2, commands.indexOf('end')).join('|')] : []
  })
  return { ...commits, lines }
}

const NOTHING = { plain: 0, timed: 0, confirms: 0, lines: [] }
const once = ({ vlan }: CarriedChange) => ({
  plain: 0,
  timed: 1,
  confirms: 1,
  lines: [`vlan ${vlan}|   name TESTED|   exit`],
})

/** How an execution has ended: its outcome, and why; or what it waits for. */
function endOf(records: readonly JournalEvent[]): string {
  const last = records.at(-1)
  if (last?.type !== 'ExecutionEnded') return `${last?.type}`
  return [last.outcome, last.error?.kind, last.error?.message].filter((one) => one !== undefined).join(': ')
}

/** What is on record of the plan that people approved: where its approvals have carried to, and who has used one. */
async function onRecord({ approved: { digest } }: CarriedChange) {
  const { store } = given.team.app
  const carried = await store.carried(digest)
  const plans = [...new Set([digest, ...carried.map(({ to }) => to)])]
  const uses = (await Promise.all(plans.map((plan) => store.approvalUses(plan)))).flat()
  return { nth: carried.map(({ nth }) => nth), used: uses.length }
}

/** A change that was approved, behind which somebody has typed something elsewhere. */
async function moved(): Promise<CarriedChange> {
  const change = await given.approved()
  await describePort(change, 'HAND')
  return change
}

/** Gives a port that is in no change another description. */
const describePort = ({ device }: CarriedChange, text: string): Promise<void> =>
  given.byHand(device, `interface ${portOf(device)}`, text === '' ? 'no description' : `description ${text}`)

const portOf = (device: string): string => (device.includes('spine') ? 'Ethernet3/1' : 'Ethernet49/1')

/** One byte of a text of the store is another one. */
async function alterText(ref: string | undefined): Promise<void> {
  const { database, app } = given.team
  await database.ask(
    'SET session_replication_role = replica',
    `UPDATE eosflow.blob SET bytes = set_byte(bytes, 20, get_byte(bytes, 20) # 1) WHERE ref = '${ref}'`,
  )
  await expect(app.store.get(ref ?? '')).rejects.toThrow('was altered')
}

/** What a worker has said of an execution. */
const said = (execution: string, words: string): boolean =>
  workers.some((worker) => worker.said().includes(`${execution}: ${words}`))

const freeze = (): Promise<unknown> => setFreeze(given.team.app, callerOf('alice'), { reason: 'an incident' })
const thaw = (): Promise<unknown> => endFreezes(given.team.app, callerOf('alice'), { reason: 'it is over' })

test('a carried plan that two workers may take is sent by one of them, as it was approved, and its approval is used once', async () => {
  const change = await moved()
  const before = (await given.truth(change.device)).running
  const id = await given.carry('alice', await given.again('alice', change))
  expect(await sentTo(change)).toEqual(NOTHING)
  await given.leave(id)
  expect(endOf(await given.rest(id))).toBe('succeeded')
  expect(await sentTo(change)).toEqual(once(change))
  const { running, startup } = await given.truth(change.device)
  expect(running.replace(`vlan ${change.vlan}\n   name TESTED\n!\n`, '')).toBe(before)
  expect(startup).toBe(running)
  expect(await onRecord(change)).toEqual({ nth: [1], used: 1 })
})

/** What happens between the carry, which has begun the execution, and the worker that takes it. */
const GAPS: Readonly<
  Record<string, { act(change: CarriedChange, execution: string): Promise<unknown>; readonly end: string }>
> = {
  'the rule lets no approval carry any more': {
    act: async () => given.policy(policyOf({ carry: '' })),
    end: 'refused: stale: the policy has changed since the plan was made',
  },
  'who approved is no approver any more': {
    act: async () => given.policy(policyOf({ approvers: ['carol', 'zoe'] })),
    end: 'refused: stale: the policy has changed since the plan was made',
  },
  'an approver rejects the plan that was approved': {
    act: ({ approved }) => given.reject('carol', approved),
    end: 'refused: not-approved: local:1003:carol@box rejected this plan: not now',
  },
  'somebody types once more': {
    act: ({ device }) => given.byHand(device, 'vlan 778'),
    end: 'refused: stale: SWITCH: running-config has changed since the plan was made:\n+vlan 778',
  },
  'what the approvals were on is typed back': {
    act: (change) => describePort(change, ''),
    end: 'refused: stale: SWITCH: running-config has changed since the plan was made:\n-interface PORT / description HAND',
  },
  'a freeze is set and ended': {
    act: async () => {
      await freeze()
      await thaw()
    },
    end: 'refused: not-approved: the approval does not carry: a freeze has been in force since the first approval',
  },
  'the plan that was approved is altered in the store': {
    act: async ({ approved }) => alterText((await given.team.app.store.carried(approved.digest))[0]?.approved),
    end: 'refused: stale: the plan whose approvals have carried was altered or is missing',
  },
}

describe('nothing is sent of a carried plan where, before a worker takes it,', () => {
  test.each(Object.entries(GAPS))('%s', { tags: 'turn' }, async (_what, { act, end }) => {
    const change = await moved()
    const id = await given.carry('alice', await given.again('alice', change))
    await act(change, id)
    await given.leave(id)
    const records = await given.rest(id)
    given.policy(policyOf())
    expect(endOf(records).replace(change.device, 'SWITCH').replace(portOf(change.device), 'PORT')).toBe(end)
    expect(await sentTo(change)).toEqual(NOTHING)
    expect(await onRecord(change)).toEqual({ nth: [1], used: 0 })
  })

  test('a freeze is set: it rests, and is refused once that is over', { tags: 'turn' }, async () => {
    const change = await moved()
    const id = await given.carry('alice', await given.again('alice', change))
    await freeze()
    await given.leave(id)
    await soon(() => said(id, 'nothing new begins'), 30_000)
    expect(await sentTo(change)).toEqual(NOTHING)
    await thaw()
    expect(endOf(await given.rest(id))).toContain(
      'refused: not-approved: the approval does not carry: a freeze has been in force since the first approval',
    )
    expect(await sentTo(change)).toEqual(NOTHING)
    expect(await onRecord(change)).toEqual({ nth: [1], used: 0 })
  })

  test('the policy is taken away: it is left to a person', { tags: 'turn' }, async () => {
    const change = await moved()
    const id = await given.carry('alice', await given.again('alice', change))
    given.policy(undefined)
    await given.leave(id)
    await soon(() => said(id, 'for-a-person'), 30_000)
    given.policy(policyOf())
    const records = await given.team.app.store.read(id)
    expect(records.map(({ type }) => type).filter((type) => type.startsWith('Task'))).toEqual([])
    expect(await sentTo(change)).toEqual(NOTHING)
    expect(await onRecord(change)).toEqual({ nth: [1], used: 0 })
  })
})

test('a plan that is altered in the store is not sent, whose approvals have carried to it', {
  tags: 'turn',
}, async () => {
  const change = await moved()
  const id = await given.carry('alice', await given.again('alice', change))
  const [started] = await given.team.app.store.read(id)
  await alterText(started?.type === 'ExecutionStarted' ? started.plan : undefined)
  await given.leave(id)
  await soon(() => said(id, 'for-a-person') || said(id, 'ended'), 60_000)
  expect(await sentTo(change)).toEqual(NOTHING)
  expect(await onRecord(change)).toEqual({ nth: [1], used: 0 })
})

test('of three executions of one carried plan one is sent', { tags: 'turn' }, async () => {
  const change = await moved()
  const made = await given.again('alice', change)
  const all = [await given.carry('alice', made), await given.carry('zoe', made), await given.carry('alice', made)]
  await Promise.all(all.map((id) => given.leave(id)))
  const ends = (await Promise.all(all.map((id) => given.rest(id)))).map(endOf)
  // Whoever comes to its commit behind the first is refused, by the approval or by the base; whoever asks for its approval then waits for another one.
  const others = ends.filter((end) => end !== 'succeeded')
  expect(others).toHaveLength(2)
  expect(others.filter((end) => !/^(?:TaskWaiting$|refused: (?:not-approved|stale|busy): )/.test(end))).toEqual([])
  expect(await sentTo(change)).toEqual(once(change))
  expect(await onRecord(change)).toEqual({ nth: [1], used: 1 })
})

test('a worker that is killed behind the timed commit of a carried plan is followed by one that commits nothing twice', {
  tags: 'turn',
}, async () => {
  const change = await moved()
  const id = await given.carry('alice', await given.again('alice', change))
  await given.leave(id)
  await soon(async () => (await given.truth(change.device)).isArmed, 60_000)
  const rows = (await given.team.app.shared?.workers.list()) ?? []
  const driving = rows.find(({ driven }) => driven.some(({ execution }) => execution === id))
  const killed = workers.find((worker) => worker.id === driving?.id)
  killed?.process.kill('SIGKILL')
  workers.push(await given.team.worker())
  const records = await given.rest(id)
  expect(killed?.name).toMatch(/^worker:w-/)
  expect(records.filter(({ type }) => type === 'ExecutionResumed').length).toBeGreaterThan(1)
  // Where the answer of the timed commit was not on record, the switch is put back (ADR 28).
  const isIn = endOf(records) === 'succeeded'
  const { running, isArmed } = await given.truth(change.device)
  expect([running.includes(`\nvlan ${change.vlan}\n`), running.includes('\n   description HAND\n'), isArmed]).toEqual([
    isIn,
    true,
    false,
  ])
  const { timed, lines } = await sentTo(change)
  expect({ timed, lines }).toEqual({ timed: 1, lines: once(change).lines })
  expect(await onRecord(change)).toEqual({ nth: [1], used: 1 })
})
