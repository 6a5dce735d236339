import { expect, test } from 'vitest'
import { recordedPlan } from '../../src/change/plan/stored-plan.ts'
import type { JournalEvent } from '../../src/change/record/event/event.ts'
import { renderConfig } from '../../src/eos/config/text/parse.ts'
import type { Hint } from '../../src/model/error.ts'
import type { Principal } from '../../src/model/principal.ts'
import { decideAs } from '../../src/project/approval/decide.ts'
import { beginAndRun, resumeHere } from '../../src/project/execution/run/run.ts'
import { trailOf } from '../../src/project/history/trail-of.ts'
import type { Caller } from '../../src/project/identity/caller-of.ts'
import { auditRecord } from '../../src/project/record/audit/records.ts'
import { type App, appOf, openLab, preparedIn, whileTimePasses, workflowFor } from '../lab/lab.ts'

/** A caller as a server makes one for a request: it keeps what is told and what is put on record, and never asks. */
class RequestCaller implements Caller {
  readonly principal: Principal
  readonly interactive = false
  readonly stop = new AbortController().signal
  readonly told: string[] = []
  readonly seen: JournalEvent[] = []

  constructor(id: string, kind: Principal['kind'] = 'person') {
    this.principal = { issuer: 'local', id, kind, auth: 'os' }
  }

  tell = (text: string) => void this.told.push(text)
  ask = async () => undefined
  watch = () => ({
    written: (events: readonly JournalEvent[]) => void this.seen.push(...events),
    close: () => undefined,
  })
}

/** How a page says what a person does next: without a command. */
const pageWords = ({ code }: Hint) => `see ${code}`

const ELSEWHERE = { judged: 'elsewhere', purpose: 'run' } as const

/** Begins a change as somebody who does not wait for it. */
const beginsBy = (app: App, caller: Caller, file?: string) =>
  beginAndRun(app, caller, { ...ELSEWHERE, prepared: preparedIn(app, file) }, { detach: true })

test('[D1] a whole change is driven without a command line: asked for by one, approved by another, taken up by a third', async () => {
  const lab = openLab()
  const app = await appOf(lab, { words: pageWords })
  const [alice, bob, carol] = [new RequestCaller('alice'), new RequestCaller('bob'), new RequestCaller('carol')]
  const begun = await whileTimePasses(lab.clock, beginsBy(app, alice))
  expect(begun).toMatchObject({ status: 'running', outcome: undefined })
  const plan = await recordedPlan(app.store, begun.plan?.ref ?? '')
  expect(plan.content.waves).toEqual([['leaf1']])
  const { statement } = await decideAs(app, bob, plan, { decision: 'approve', comment: 'read it' })
  expect(statement.approver.id).toBe('bob')
  const ended = await whileTimePasses(lab.clock, resumeHere(app, carol, begun.id, { detach: true }))
  expect(ended).toMatchObject({ status: 'ended', outcome: 'succeeded' })
  expect(renderConfig(lab.device('leaf1').switch.config.running)).toContain('vlan 998')
  const record = await app.store.read(begun.id)
  expect([...alice.seen, ...carol.seen]).toEqual(record)
  // Each record names who has it written: what carol takes up is hers from there on, whoever has asked for it.
  const taken = record.findIndex(({ type }) => type === 'ExecutionResumed')
  expect([taken > 2, record.length - taken > 10]).toEqual([true, true])
  expect(new Set(record.slice(0, taken).map(({ actor }) => actor))).toEqual(new Set(['alice']))
  expect(new Set(record.slice(taken).map(({ actor }) => actor))).toEqual(new Set(['carol']))
  expect((await app.store.approvals(plan.digest)).map(({ event }) => event.actor)).toEqual(['bob'])
})

test('one application serves two callers at once: each record names its own, and each has its own rights', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab({ files: { 'other.yaml': workflowFor('leaf2', { lines: ['vlan 997'] }) } })
  const app = await appOf(lab, { words: pageWords })
  const alice = new RequestCaller('alice')
  const bot = new RequestCaller('bot', 'agent')
  const [ofAlice, ofBot] = await whileTimePasses(
    lab.clock,
    Promise.all([beginsBy(app, alice), beginsBy(app, bot, 'other.yaml')]),
  )
  expect([ofAlice.requester?.id, ofBot.requester?.id]).toEqual(['alice', 'bot'])
  // Without a policy an agent plans, and neither approves nor changes a switch.
  const choice = { decision: 'approve', comment: '' } as const
  for (const { plan } of [ofAlice, ofBot]) {
    const planned = await recordedPlan(app.store, plan?.ref ?? '')
    const [byBot, byAlice] = await Promise.allSettled([
      decideAs(app, bot, planned, choice),
      decideAs(app, alice, planned, choice),
    ])
    expect(byBot).toMatchObject({ status: 'rejected', reason: { kind: 'not-authorised' } })
    expect(byAlice).toMatchObject({ status: 'fulfilled', value: { statement: { approver: { id: 'alice' } } } })
    expect((await app.store.approvals(planned.digest)).map(({ event }) => event.actor)).toEqual(['alice'])
  }
  const [endOfAlice, endOfBot] = await whileTimePasses(
    lab.clock,
    Promise.all([
      resumeHere(app, alice, ofAlice.id, { detach: true }),
      resumeHere(app, bot, ofBot.id, { detach: true }),
    ]),
  )
  expect([endOfAlice.outcome, endOfBot.outcome]).toEqual(['succeeded', 'refused'])
  expect(lab.fabric.devices.map(({ name, counters }) => [name, counters().commits.timed])).toContainEqual(['leaf1', 1])
  expect(lab.commits('leaf2')).toEqual({ plain: 0, timed: 0, confirms: 0 })
  for (const [caller, { id }, name] of [
    [alice, ofAlice, 'alice'],
    [bot, ofBot, 'bot'],
  ] as const) {
    const record = await app.store.read(id)
    expect(record.length).toBeGreaterThan(5)
    expect(new Set(record.map(({ actor }) => actor))).toEqual(new Set([name]))
    expect(caller.seen).toEqual(record)
  }
  const records = (await trailOf(app).records(1, 1_000)).map((row) => auditRecord(row).event)
  const denied = records.filter(({ type }) => type === 'AccessDenied')
  expect(denied.map(({ actor, execution }) => [actor, execution])).toEqual([
    ['bot', undefined],
    ['bot', undefined],
    ['bot', ofBot.id],
  ])
})
