import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readState } from '../../../src/change/engine/fold.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { soon } from '../../lab/loopback.ts'
import { startTeam, type Team, type WorkerOptions, type WorkerProcess } from './team.ts'

/** MLAG peers: the only leaves of the pod. */
const PAIR = ['pod1-leaf3', 'pod1-leaf4'] as const

/** A change of the pair, and the worker that drives it and is to lose it. */
interface Driven {
  readonly id: string
  readonly vlan: number
  readonly first: WorkerProcess
}

let team: Team
let vlan = 500
beforeAll(async () => {
  team = await startTeam(4)
}, 240_000)
afterAll(() => team?.close())

/** Lets the only worker drive a change of the pair. */
async function driven(options: WorkerOptions) {
  vlan += 1
  const first = await team.worker(options)
  const id = await team.begin(PAIR.join(' or '), vlan, undefined, 'pair.yaml')
  const events = () => team.app.store.read(id)
  await soon(async () => (await events()).some(({ type }) => type === 'ApprovalRequested'), 60_000, 'a plan')
  await team.approve(id)
  // The worker may have gone on already, when it saw the approval.
  await team.goOn(id).catch((error: unknown) => {
    if (!(error instanceof EosflowError) || error.kind !== 'busy') throw error
  })
  return { id, vlan, first }
}

/** Another worker comes, and ends the change: how, by its record and by each switch. */
async function endOf({ id, vlan: made }: Driven) {
  // Takes over when the first one is silent for longer than its TTL.
  const second = await team.worker({ limit: 1 })
  const ended = async () => (await readState(team.app.store, id)).status === 'ended'
  await soon(ended, 90_000, `the end of ${id}`)
  const events = await team.app.store.read(id)
  const last = events.at(-1)
  const { switches } = await team.fabric.truth()
  second.process.kill('SIGTERM')
  expect(await second.ended).toBe(0)
  return {
    outcome: last?.type === 'ExecutionEnded' ? last.outcome : undefined,
    said: last?.type === 'ExecutionEnded' ? PAIR.map((name) => last.devices[name]) : [],
    places: PAIR.map((name) => {
      const { running = '', startup = '', isArmed = true, open = ['?'] } = switches[name] ?? {}
      const [runs, boots] = [running, startup].map((text) => text.includes(`vlan ${made}\n`))
      if (isArmed || open.length > 0) return 'OPEN'
      return runs === boots ? (runs ? 'AFTER' : 'BEFORE') : 'UNSAVED'
    }),
  }
}

/** A pair whose worker is frozen between the intent and the request of the first of these acts. */
async function frozenAt(act: string) {
  const given = await driven({ freezeAt: act, limit: 1 })
  await soon(() => given.first.said().includes(`frozen at ${act} of ${given.id}`), 60_000, `the ${act}`)
  return given
}

/** Another worker ends the change of a frozen one, which thaws then. */
async function thaws(act: string) {
  const given = await frozenAt(act)
  const end = await endOf(given)
  const before = (await team.fabric.truth()).writes.length
  given.first.process.kill('SIGCONT')
  await given.first.ended
  expect((await team.fabric.truth()).writes.slice(before)).toEqual([])
  expect(new Set(end.places).size).toBe(1)
  expect(end.places).toEqual(end.outcome === 'succeeded' ? ['AFTER', 'AFTER'] : ['BEFORE', 'BEFORE'])
}

describe('a worker loses a pair that is changed together to another worker', () => {
  // Both intents are on record, and nothing was sent: it is not sent later.
  test('kill -9 between the intent and the request of the first arm: rolled-back', {
    tags: 'night',
    timeout: 240_000,
  }, async () => {
    const given = await frozenAt('arm')
    given.first.process.kill('SIGKILL')
    const end = await endOf(given)
    expect([end.outcome, end.places]).toEqual(['rolled-back', ['BEFORE', 'BEFORE']])
    expect(end.said.map((one) => (one === 'untouched' ? 'reverted' : one))).toEqual(['reverted', 'reverted'])
  })

  test('kill -9 between the intent and the request of the first confirm: succeeded', {
    timeout: 240_000,
  }, async () => {
    const given = await frozenAt('confirm')
    given.first.process.kill('SIGKILL')
    expect(await endOf(given)).toEqual({
      outcome: 'succeeded',
      places: ['AFTER', 'AFTER'],
      said: ['changed', 'changed'],
    })
  })

  test('frozen there for longer than its TTL: it sends nothing when it thaws, at the arm', {
    tags: 'turn',
    timeout: 240_000,
  }, async () => {
    await thaws('arm')
  })
})
