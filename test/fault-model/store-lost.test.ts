import { closeSync, copyFileSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { EventBody } from '../../src/change/record/event/event.ts'
import { everyNthOfLong, extentOfLong } from '../extent.ts'
import { exits, isSaved, type Lab, openLab, whereIs, withAppends, workflowFor } from '../lab/lab.ts'

/** What somebody does to the store while a change runs. */
const LOSSES = {
  deleted: (path) => rmSync(path),
  'deleted with its folder': (path) => rmSync(join(path, '..'), { recursive: true }),
  'moved away': (path) => renameSync(path, `${path}.old`),
  'emptied in place': (path) => closeSync(openSync(path, 'w')),
  'replaced by an empty file': (path) => {
    rmSync(path)
    writeFileSync(path, '')
  },
  'robbed of its write-ahead log': (path) => rmSync(`${path}-wal`),
  'replaced by its own copy': (path) => {
    copyFileSync(path, `${path}.copy`)
    renameSync(`${path}.copy`, path)
  },
} satisfies Record<string, (path: string) => void>

type Loss = keyof typeof LOSSES

/** Losses behind which another store may be at the path: nothing but an abort may be sent then. */
const REPLACED: readonly Loss[] = [
  'emptied in place',
  'replaced by an empty file',
  'robbed of its write-ahead log',
  'replaced by its own copy',
]

const SWITCHES = ['leaf1', 'leaf2'] as const
const CHANGE = workflowFor('leaf1 or leaf2', {
  verify: '{ within: 4s, stableFor: 0s, every: 2s, checks: [{ vlans-present: { vlans: [998] } }] }',
})

interface Lost {
  readonly lab: Lab
  readonly events: readonly EventBody[]
  readonly code: number
  readonly text: string
  /** What was sent to each switch behind the loss that changes it. */
  readonly sent: readonly string[]
}

/** Lives through the change of two switches; the store is lost behind its nth record, or never. */
async function changeWithout(nth: number, loss: Loss) {
  const events: EventBody[] = []
  const sent: string[] = []
  let isLost = false
  const lab: Lab = openLab({
    workflow: CHANGE,
    before: (_, device, commands) => {
      const changing = commands.filter((command) =>
        /commit|^copy |^configure (replace|session \S+ abort)/.test(command),
      )
      if (isLost) sent.push(...changing.map((command) => `${device}: ${command}`))
    },
    seams: withAppends({
      behind: (written) => {
        events.push(...written)
        if (events.length < nth || isLost) return
        isLost = true
        LOSSES[loss](join(lab.dir, '.eosflow/store.db'))
      },
    }),
  })
  mkdirSync(join(lab.dir, '.eosflow'), { mode: 0o700 })
  const { code, out, err } = await lab.change()
  return { lab, events, code, text: out + err, sent }
}

const isSavedAt = (events: readonly EventBody[]) =>
  events.findLastIndex((event) => event.type === 'ActFinished' && event.act === 'save') + 1

const CASES = Object.keys(LOSSES) as Loss[]

/** The ways to lose the store behind a record: two of them around each act, one now and then elsewhere. */
function lossesAt(nth: number, { type }: EventBody) {
  const isAct = type === 'ActIntended' || type === 'ActFinished'
  const count = isAct ? 2 : nth % 4 === 0 ? 1 : 0
  return [nth, nth + 3].slice(0, count).flatMap((one) => CASES[one % CASES.length] ?? [])
}

test('[G86] [F26b] [P11] the store is lost behind the records of a change: put back, told, and never exit 0', {
  tags: 'long',
  timeout: 240_000,
}, async () => {
  const whole = await exits(0, changeWithout(Number.POSITIVE_INFINITY, 'deleted'))
  const saved = isSavedAt(whole.events)
  const ends = new Map<string, number>()
  const met = new Map<Loss, number>()
  const losses = whole.events.slice(0, -1).flatMap((event, index) => {
    return lossesAt(index + 1, event).map((loss) => ({ nth: index + 1, loss }))
  })
  // By the way in which it is lost, so that whichever are left out, none of the ways is.
  const byLoss = losses.toSorted((one, other) => CASES.indexOf(one.loss) - CASES.indexOf(other.loss))
  // Behind a confirm a person is needed: this one is looked at with every seed.
  const confirmed = whole.events.findIndex((event) => event.type === 'ActFinished' && event.act === 'confirm') + 1
  const looked = [
    ...everyNthOfLong(7, 'losses of the store', byLoss),
    { nth: confirmed, loss: 'emptied in place' } as const,
  ]
  for (const { nth, loss } of looked) {
    const end = judged(await changeWithout(nth, loss), loss, nth >= saved, `${loss} behind record ${nth}`)
    ends.set(end, (ends.get(end) ?? 0) + 1)
    met.set(loss, (met.get(loss) ?? 0) + 1)
  }
  process.stdout.write(`losses of the store: ${JSON.stringify([...met, ...ends])}\n`)
  expect([...met.keys()].toSorted()).toEqual(CASES.toSorted())
  expect([...ends.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(extentOfLong(3, 40))
  expect(new Set([...ends.keys()].map((end) => end.slice(0, 6)))).toEqual(new Set(['exit 1', 'exit 6', 'exit 7']))
})

/** Judges one end by what the switches hold. Gives it in a few words. */
function judged({ lab, code, text, sent }: Lost, loss: Loss, isOver: boolean, what: string) {
  const where = `${what}\n${text}`
  const found = SWITCHES.map((name) => {
    const device = lab.device(name)
    const end = whereIs(device) + (isSaved(device) ? '+' : '')
    // What is left to a person here is done by one.
    if (code === 7) device.switch.config.save(device.switch.now)
    return end
  })
  expect(text, where).toMatch(
    /the store \S+ (is no longer at its path|was replaced by another file|has lost the write-ahead log)/,
  )
  expect(
    sent.filter((one) => / commit( timer|$)/.test(one)),
    where,
  ).toEqual([])
  if (code === 1 && isOver) {
    expect(found, where).toEqual(['AFTER+', 'AFTER+'])
    expect(text, where).toContain('Where the switches are: leaf1, leaf2: confirmed and saved')
  } else if (code === 7) {
    expect(REPLACED, where).toContain(loss)
    expect(text, where).toContain('by that store somebody else may change the switch now')
    expect(text, where).toContain('UNKNOWN: a person is needed')
    expect(
      sent.filter((one) => !one.endsWith(' abort')),
      where,
    ).toEqual([])
  } else {
    expect([1, 6], where).toContain(code)
    expect(found, where).toEqual(['BEFORE+', 'BEFORE+'])
  }
  return `exit ${code} ${found.join(' ')}`
}
