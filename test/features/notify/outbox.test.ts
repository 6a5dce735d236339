import { expect, onTestFinished, test } from 'vitest'
import { givenUp } from '../../../src/features/notify/given-up.ts'
import type { AddressedNotification } from '../../../src/features/notify/notice/formats.ts'
import { type Outbox, openOutbox } from '../../../src/features/notify/outbox.ts'
import type { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { extentOfLong } from '../../extent.ts'
import { ANN, type NoticeBench, openNoticeBench } from './notice-bench.ts'

const HOUR = 3_600_000
const TWO = `notify:
  targets: [{ name: chat, exec: [/bin/true] }, { name: ops, exec: [/bin/true] }]
  rules: [{ severity: info, to: [chat, ops] }]
`

/** A receiver that can be down, and what it has taken. */
class Receiver {
  readonly taken: number[] = []
  readonly tried: number[] = []
  isDown = false
  /** What it waits for before it answers. */
  hold: Promise<void> | undefined
  readonly #clock: VirtualClock

  constructor(clock: VirtualClock) {
    this.#clock = clock
  }

  async take({ notification }: AddressedNotification) {
    this.tried.push(this.#clock.now())
    await this.hold
    if (this.isDown) throw new EosflowError('unreachable', 'nobody answers')
    this.taken.push(notification.seq)
  }
}

interface Sent {
  readonly bench: NoticeBench
  readonly chat: Receiver
  readonly ops: Receiver
  open(): Outbox
  /** Opens one, and lets it begin. */
  begun(): Promise<Outbox>
  passed(milliseconds: number): Promise<void>
  /** Something of which everybody is told. */
  happens(times?: number): Promise<readonly number[]>
}

async function sending(every = 1_000): Promise<Sent> {
  const bench = await openNoticeBench(TWO)
  const { clock } = bench.lab
  const [chat, ops] = [new Receiver(clock), new Receiver(clock)]
  const open = (): Outbox => {
    const outbox = openOutbox({
      app: bench.app,
      by: bench.by,
      failed: () => undefined,
      every,
      send:
        ({ name }) =>
        (addressed) =>
          (name === 'chat' ? chat : ops).take(addressed),
    })
    onTestFinished(() => ended(bench, outbox))
    return outbox
  }
  return {
    bench,
    chat,
    ops,
    open,
    begun: async () => {
      const outbox = open()
      await passes(clock, 3_000)
      return outbox
    },
    passed: (milliseconds) => passes(clock, milliseconds),
    happens: async (times = 1) => {
      const freeze = { type: 'FreezeEnded', principal: ANN, freeze: 1, reason: 'over' } as const
      const written = await bench.write(undefined, ...Array.from({ length: times }, () => freeze))
      return written.map(({ seq }) => seq)
    },
  }
}

async function ended({ lab }: NoticeBench, outbox: Outbox) {
  let isOver = false
  const over = outbox.end().finally(() => {
    isOver = true
  })
  while (!isOver) await passes(lab.clock, 100)
  await over
}

/** Time goes by, and what it wakes gets its turn. */
async function passes(clock: VirtualClock, milliseconds: number) {
  await clock.advance(milliseconds)
  await new Promise((resolve) => setImmediate(resolve))
}

test('a target is told in order, and not of what was before it was named', async () => {
  const { chat, begun, passed, happens } = await sending()
  await happens(3)
  await begun()
  const later = await happens(5)
  await passed(3_000)
  expect(chat.taken).toEqual(later)
  expect(later).toHaveLength(5)
})

test('a target that is down is tried again after 5 s, and then after twice as long each time up to an hour', {
  tags: ['long', 'turn'],
}, async () => {
  const { chat, begun, passed, happens } = await sending()
  await begun()
  chat.isDown = true
  await happens()
  for (let minute = 0; minute < 5 * 60; minute += 1) await passed(60_000)
  const rests = chat.tried.slice(1).map((at, index) => Math.round((at - (chat.tried[index] ?? 0)) / 1000))
  expect(rests).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600])
})

/** As many events in each of 71 hours, and in the last. */
const [EACH_HOUR, LAST_HOUR] = extentOfLong([14, 6], [139, 131])

test('events while a target is down for 72 h: none is lost, their order is kept, and the other target has each at once', {
  tags: ['long', 'turn'],
  timeout: 120_000,
}, async () => {
  const { bench, chat, ops, begun, passed, happens } = await sending(60_000)
  await begun()
  chat.isDown = true
  const written: number[] = []
  for (let hour = 0; hour < 72; hour += 1) {
    written.push(...(await happens(hour < 71 ? EACH_HOUR : LAST_HOUR)))
    await passed(HOUR)
    if (hour % 10 === 0) expect(ops.taken).toEqual(written)
  }
  expect(written).toHaveLength(extentOfLong(1_000, 10_000))
  expect(chat.taken).toEqual([])
  chat.isDown = false
  for (let turn = 0; turn < 40; turn += 1) await passed(HOUR / 20)
  expect(chat.taken).toEqual(written)
  expect(ops.taken).toEqual(written)
  expect(await givenUp(bench.app)).toEqual([])
})

test('what is older than 72 h is given up on record, what is younger is not', { tags: ['long', 'turn'] }, async () => {
  const { bench, chat, ops, begun, passed, happens } = await sending(60_000)
  await begun()
  chat.isDown = true
  const old = await happens(3)
  for (let hour = 0; hour < 40; hour += 1) await passed(HOUR)
  const young = await happens(2)
  for (let hour = 0; hour < 34; hour += 1) await passed(HOUR)
  chat.isDown = false
  for (let hour = 0; hour < 2; hour += 1) await passed(HOUR)
  expect(chat.taken).toEqual(young)
  const [record, ...others] = await givenUp(bench.app)
  expect(others).toEqual([])
  expect(record).toMatchObject({ target: 'chat', first: old[0], last: old[2], count: 3, reason: 'nobody answers' })
  // The other one is told that chat was not.
  expect(ops.taken).toEqual([...old, ...young, record?.seq])
})

test('restarts lose nothing, and send again at most what was not acknowledged', async () => {
  const { bench, chat, open, passed, happens } = await sending()
  const written: number[] = []
  await ended(bench, open())
  for (let restart = 0; restart < 12; restart += 1) {
    const outbox = open()
    chat.isDown = restart % 3 === 1
    written.push(...(await happens(7)))
    await passed(1_500)
    await ended(bench, outbox)
    await bench.reopened()
  }
  chat.isDown = false
  open()
  await passed(10_000)
  expect(chat.taken).toEqual(written)
  expect(written).toHaveLength(84)
})

test('a process that dies between the acknowledgement and its own record of it sends that one again, and no other', async () => {
  const { bench, chat, open, happens } = await sending()
  await ended(bench, open())
  const [first = 0, second = 0] = await happens(2)
  const { audit } = bench.app
  if (audit === undefined) throw new Error('no trail')
  const delivered = audit.delivered.bind(audit)
  let isDead = false
  audit.delivered = async (receiver, position, fault) => {
    if (receiver === 'notify chat' && position === first) isDead = true
    if (isDead) throw new EosflowError('store', 'killed')
    await delivered(receiver, position, fault)
  }
  await ended(bench, open())
  audit.delivered = delivered
  expect(chat.taken).toEqual([first])
  await ended(bench, open())
  expect(chat.taken).toEqual([first, first, second])
})

test('a slow target delays no other target, and sending 2,000 messages delays no timer of the process', {
  tags: ['long', 'turn'],
}, async () => {
  const { bench, chat, ops, begun, happens } = await sending()
  await begun()
  let answer = (): void => undefined
  chat.hold = new Promise((resolve) => {
    answer = resolve
  })
  const written = await happens(2_000)
  const sentBetween: number[] = []
  let before = 0
  const timer = setInterval(() => {
    sentBetween.push(ops.taken.length - before)
    before = ops.taken.length
  }, 5)
  onTestFinished(() => clearInterval(timer))
  for (let turn = 0; turn < 400 && ops.taken.length < 2_000; turn += 1) {
    await bench.lab.clock.advance(10)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  clearInterval(timer)
  expect(ops.taken).toEqual(written)
  expect(chat.taken).toEqual([])
  const most = Math.max(...sentBetween)
  process.stdout.write(`timers beside the outbox: ${sentBetween.length}, at most ${most} messages between two\n`)
  expect(sentBetween.length).toBeGreaterThan(20)
  // How late a timer is depends on what else the machine does; how much is sent before it does not.
  expect(most).toBeLessThan(100)
  answer()
})

test('while another process sends, this one waits', async () => {
  const { bench, chat, begun, passed, happens } = await sending()
  const claim = await bench.app.claims.claim('outbox')
  await begun()
  const written = await happens()
  await passed(10_000)
  expect(chat.tried).toEqual([])
  await claim.release()
  await passed(5_000)
  expect(chat.taken).toEqual([])
  const later = await happens()
  await passed(5_000)
  expect(chat.taken).toEqual(later)
  expect(written).toHaveLength(1)
})

test('what is put on record right before the end goes out with it', async () => {
  const { bench, chat, begun, happens } = await sending()
  const outbox = await begun()
  const written = await happens(2)
  await ended(bench, outbox)
  expect(chat.taken).toEqual(written)
})
