import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import type { AddressedNotification } from '../../../src/features/notify/notice/formats.ts'
import { deliverOnce, openOutbox } from '../../../src/features/notify/outbox.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { alterStore } from '../../change/record/store-file.ts'
import { freePort } from '../../free-ports.ts'
import { appWith, exits, whileTimePasses } from '../../lab/lab.ts'
import { jsonAnswer, startService } from '../../lab/service.ts'
import { ANN, begins, type NoticeBench, openNoticeBench } from './notice-bench.ts'

const SETTINGS = `notify:
  link: https://eosflow.example.com
  targets: [{ name: ops, exec: [/bin/true] }, { name: review, exec: [/bin/true], withDiff: true }]
  rules: [{ severity: info, to: [ops, review] }]
`

/** Runs the change of the lab beside an outbox, and gives what each target was sent. */
async function changeBeside(hold: Promise<void>) {
  const bench = await openNoticeBench(SETTINGS)
  const sent = new Map<string, AddressedNotification[]>([
    ['ops', []],
    ['review', []],
  ])
  const outbox = openOutbox({
    app: bench.app,
    by: bench.by,
    failed: () => undefined,
    send:
      ({ name }) =>
      async (addressed) => {
        await hold
        sent.get(name)?.push(addressed)
      },
  })
  await bench.lab.clock.advance(3_000)
  await exits(0, bench.lab.change())
  await bench.lab.clock.advance(3_000)
  onTestFinished(() => whileTimePasses(bench.lab.clock, outbox.end()))
  const at = (type: JournalEvent['type'], records: readonly JournalEvent[]) =>
    Date.parse(records.find((one) => one.type === type)?.at ?? '')
  const records = await bench.records()
  return { bench, sent, seconds: (at('ExecutionEnded', records) - at('ExecutionStarted', records)) / 1000 }
}

const ONE = 'notify: { targets: [{ name: ops, exec: [/bin/true] }] }\n'

/** An outbox of a bench; `letters` are what it sends, where it does not send by itself. */
function outboxOf({ app, by }: NoticeBench, letters?: AddressedNotification[]) {
  const send = () => async (addressed: AddressedNotification) => void letters?.push(addressed)
  return openOutbox({ app, by, failed: () => undefined, ...(letters === undefined ? {} : { send }) })
}

describe('an outbox beside the engine', () => {
  test('tells of a whole change in order, of what it changes only where the settings say so, and no secret of the switches', async () => {
    const { sent, bench, seconds } = await changeBeside(Promise.resolve())
    const [ops = [], review = []] = [sent.get('ops'), sent.get('review')]
    expect(ops.map(({ notification }) => notification.what)).toEqual([
      'execution.started',
      'plan.made',
      'approval.requested',
      'approval.decided',
      'execution.ended',
    ])
    expect(ops.map(({ link }) => link)).toContain(
      `https://eosflow.example.com/executions/${ops[0]?.notification.execution}`,
    )
    expect(JSON.stringify(ops)).not.toContain('name PROD-CACHE')
    expect(ops.every(({ diff }) => diff === undefined)).toBe(true)
    const diffs = review.flatMap(({ diff }) => diff ?? [])
    expect(diffs.length).toBeGreaterThan(0)
    expect(diffs[0]).toContain('+ vlan ')
    // A link says where; nothing in it lets anybody do anything.
    for (const { link = '' } of ops) expect(new URL(link).search + new URL(link).hash).toBe('')
    const text = JSON.stringify([...sent.values()])
    expect(text.length).toBeGreaterThan(1_000)
    for (const { password } of bench.lab.fabric.devices) expect(text).not.toContain(password)
    // A target that answers nothing for the whole change holds it up by nothing.
    const silent = await changeBeside(new Promise<void>(() => undefined))
    expect(silent.sent.get('ops')).toEqual([])
    // Records have whole seconds, which an outbox that waits may let begin a moment earlier.
    expect(silent.seconds).toBeCloseTo(seconds, -1)
  })
})

describe('sinks of the record', () => {
  test('are sent to by the same loop: a sink that is down gets everything later, in order, and its sending is on record once', {
    tags: ['long', 'turn'],
  }, async () => {
    const isUp = { now: false }
    const service = await startService((request, response) => jsonAnswer({}, isUp.now ? 200 : 503)(request, response))
    const bench = await openNoticeBench(
      `http: { hosts: ['${service.origin}'], key: '\${env:KEY}' }
audit: { sinks: [{ name: col, format: otlp, url: '${service.origin}/v1/logs' }, { name: file, format: jsonl, file: out.jsonl }] }
`,
      { KEY: 'k'.repeat(32) },
    )
    const outbox = outboxOf(bench)
    const passes = async (seconds: number) => {
      for (let second = 0; second < seconds; second += 1) {
        await bench.lab.clock.advance(1_000)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    }
    await bench.write('x1', begins('leaf1'))
    await passes(5)
    isUp.now = true
    await bench.write('x1', { type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } })
    await passes(20)
    const records = await bench.records()
    const lines = bench.lab.read('out.jsonl').trim().split('\n')
    const seqs = lines.flatMap((line) => {
      const { pos, mirror = false } = JSON.parse(line) as { readonly pos?: number; readonly mirror?: boolean }
      return mirror ? [] : (pos ?? [])
    })
    expect(seqs).toEqual(records.map((_, index) => index + 1))
    const taken = service.seen.slice(-1).flatMap(({ body }) => [...body.matchAll(/ExecutionEnded/g)])
    expect(taken.length).toBeGreaterThan(0)
    expect(records.filter(({ type }) => type === 'AuditExported')).toHaveLength(2)
    expect((await bench.app.audit?.delivery('sink col'))?.position).toBe(records.length)
    await whileTimePasses(bench.lab.clock, outbox.end())
  })
})

describe('once, for a timer', () => {
  test('each receiver is tried once, and says what became of it', async () => {
    const port = await freePort()
    const bench = await openNoticeBench(`notify:
  targets:
    - { name: ops, exec: [/bin/true] }
    - { name: chat, slack: '\${env:CHAT}' }
`)
    await bench.lab.eosflow('notify deliver')
    await bench.write('x1', begins('leaf1'))
    await bench.write('x1', { type: 'ExecutionEnded', outcome: 'rolled-back', devices: { leaf1: 'reverted' } })
    const env = { CHAT: `http://127.0.0.1:${port}/x` }
    const delivered = await whileTimePasses(
      bench.lab.clock,
      deliverOnce({ app: appWith(bench.app, { env }), by: bench.by }),
    )
    expect(delivered).toMatchObject([
      { name: 'ops', sent: 1 },
      { name: 'chat', sent: 0, failure: { kind: 'unreachable' } },
    ])
  })

  test('not while another process sends', async () => {
    const bench = await openNoticeBench(ONE)
    const claim = await bench.app.claims.claim('outbox')
    onTestFinished(() => claim.release())
    const { err } = await bench.lab.exits(9, 'notify deliver')
    expect(err).toContain('another process sends notifications from this store')
  })
})

test('a record that cannot be read is told all the same, once, though nothing can be put on record about it', async () => {
  const bench = await openNoticeBench(ONE)
  const letters: AddressedNotification[] = []
  const open = () => outboxOf(bench, letters)
  const first = open()
  await bench.lab.clock.advance(3_000)
  await bench.write(undefined, { type: 'LoggedOut', principal: ANN })
  const file = join(bench.lab.dir, '.eosflow/store.db')
  alterStore(file, `UPDATE register SET body = replace(body, 'LoggedOut', 'LoggedOff') WHERE body LIKE '%LoggedOut%'`)
  await bench.lab.clock.advance(10_000)
  await whileTimePasses(bench.lab.clock, first.end())
  const second = open()
  await bench.lab.clock.advance(10_000)
  await whileTimePasses(bench.lab.clock, second.end())
  expect(letters.map(({ notification: { what, severity, notice } }) => ({ what, severity, notice }))).toEqual([
    { what: 'notice.opened', severity: 'page', notice: { kind: 'record-not-intact', cause: 'record-not-intact' } },
  ])
})

test('a store that another process holds, or whose disk is full, is no broken record', async () => {
  const bench = await openNoticeBench(ONE)
  const letters: AddressedNotification[] = []
  const { audit } = bench.app
  if (audit === undefined) throw new Error('no trail')
  const records = audit.records.bind(audit)
  let asked = 0
  audit.records = async () => {
    asked += 1
    throw new EosflowError('store', 'the disk is full', {
      cause: Object.assign(new Error('full'), { code: 'SQLITE_FULL' }),
    })
  }
  const outbox = outboxOf(bench, letters)
  await bench.lab.clock.advance(10_000)
  expect(asked).toBeGreaterThan(5)
  audit.records = records
  await bench.lab.clock.advance(10_000)
  await whileTimePasses(bench.lab.clock, outbox.end())
  expect(letters).toEqual([])
})
