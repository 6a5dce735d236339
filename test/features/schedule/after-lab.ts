import { cursorBehind } from '../../../src/change/record/event/cursor.ts'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { NOTHING_SEEN, noticesDue, watched } from '../../../src/features/notify/notice/watch.ts'
import { pauseSchedule } from '../../../src/features/schedule/list-schedules.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { aroundAppends, type Lab, type LabOptions, openAppIn, openLab, seamsOf, workflowFor } from '../../lab/lab.ts'

/** The time between two looks, in milliseconds. */
export const EVERY = 600_000

/** A lab whose change is watched after its confirm, and whose processes can be killed before or behind the first record of a type. */
export interface AfterLab {
  readonly lab: Lab
  /** The execution that is watched. */
  readonly execution: string
  /** Makes the change, which must succeed. Gives what is printed. */
  change(): Promise<string>
  /** Somebody pauses the watch in the control room. */
  pause(): Promise<void>
  /** Lets time pass until the next look, and runs schedules. */
  look(): Promise<string>
  /** The line behind `after:` of `eosflow show`. */
  shown(): Promise<string>
  /** What the notices of a server would be: what is open, and why. */
  notices(): Promise<readonly string[]>
  records(): Promise<readonly JournalEvent[]>
  killAt(type: string, when: 'before' | 'behind', ...argv: readonly string[]): Promise<void>
}

const ANN = { issuer: 'local', id: '0:ann', kind: 'person', auth: 'os' } as const
const AFTER = 'after: { checks: 24h, every: 10m }'

/** Makes such a lab, with a change of these switches. */
export function startAfterLab(targets = 'leaf1', options: LabOptions = {}): AfterLab {
  let at: { readonly type: string; readonly when: 'before' | 'behind' } | undefined
  let isDead = false
  const die = (): Promise<never> => {
    isDead = true
    return Promise.reject(new EosflowError('store', 'this process was killed'))
  }
  const lab = openLab({
    workflow: workflowFor(targets, { extra: AFTER }),
    ...options,
    seams: (given) => {
      const seams = options.seams?.(given) ?? given
      const point = at
      if (point === undefined) return seams
      const isHit = (events: readonly { readonly type: string }[]) => events.some(({ type }) => type === point.type)
      return {
        ...seams,
        journal: (journal) =>
          aroundAppends({
            before: (events) => (isDead || (point.when === 'before' && isHit(events)) ? die() : undefined),
            behind: (written) => (point.when === 'behind' && isHit(written) ? die() : undefined),
          })(seams.journal(journal)),
      }
    },
  })
  const records = async () => {
    const opened = await openAppIn(lab.dir, ANN, { seams: seamsOf(lab) })
    try {
      const events: JournalEvent[] = []
      for (let cursor = cursorBehind(undefined); ; ) {
        const tail = await opened.app.store.tail(cursor)
        if (tail.events.length === 0) return events
        events.push(...tail.events)
        cursor = tail.cursor
      }
    } finally {
      await opened.close()
    }
  }
  let execution = ''
  return {
    lab,
    records,
    get execution() {
      return execution
    },
    change: async () => {
      const done = await lab.change()
      execution = /^Execution (\S+): succeeded/m.exec(done.out)?.[1] ?? ''
      if (execution === '') throw new Error(done.out + done.err)
      return done.out
    },
    pause: async () => {
      const opened = await openAppIn(lab.dir, ANN, { seams: seamsOf(lab) })
      const schedule = `after:${execution}`
      await pauseSchedule(opened.app, { principal: ANN }, { schedule, change: 'paused', reason: 'lab' })
      await opened.close()
    },
    look: async () => {
      await lab.clock.advance(EVERY)
      return (await lab.eosflow('schedule run')).out
    },
    shown: async () => {
      const { after } = JSON.parse((await lab.eosflow(`show ${execution} --json`)).out)
      return after?.words ?? 'none'
    },
    notices: async () => {
      const watch = (await records()).reduce(watched, NOTHING_SEEN)
      return noticesDue(watch, { now: lab.clock.now() }).flatMap((event) =>
        event.type === 'NoticeOpened' ? [`${event.cause}: ${event.reason}`] : [],
      )
    },
    killAt: async (type, when, ...argv) => {
      at = { type, when }
      await lab.agreed(...argv)
      if (!isDead) throw new Error(`no record ${type} was come to`)
      at = undefined
      isDead = false
    },
  }
}
