import type { JournalEvent } from '../../src/change/record/event/event.ts'
import type { Barrier, SitePart } from '../../src/change/record/event/record-schema.ts'
import { sessionPrefix } from '../../src/change/task/act/act.ts'
import type { Life } from '../../src/lab/trial/trial-app.ts'
import type { Act, DeviceEnd } from '../../src/model/act.ts'
import type { History } from '../history.ts'
import { Violation } from '../violation.ts'
import type { Watch } from '../watch.ts'

/**
 * What must be left of each commit timer when all sites are let confirm, in milliseconds: a part leaves when 20 s are left, by the clock of whoever
 * drives it then, which may be off from that of who has committed.
 */
const LEAST_LEFT = 18_000
/** For so long a part that is let confirm may have been driven by nobody: who was asked about it may have died since. */
const UNDRIVEN = 15_000

/** What is behind which barrier. */
const BEHIND: Readonly<Partial<Record<Act, Barrier>>> = { arm: 'push', confirm: 'confirm', save: 'save' }

/** One of the executions of a change over several sites, by its own records. */
interface PartSeen extends Pick<SitePart, 'site' | 'execution'> {
  readonly reached: Set<Barrier>
  readonly left: Set<Barrier>
  readonly armed: Set<string>
  readonly verified: Set<string>
  readonly confirmed: Set<string>
  hasBegun: boolean
  isUndoing: boolean
  /** Whether somebody has asked it to stop or to rest, and nobody has it go on since. */
  isAsked: boolean
  end: (JournalEvent & { type: 'ExecutionEnded' }) | undefined
}

/** Such a change, by the records of its whole. */
interface WholeSeen {
  readonly parts: readonly PartSeen[]
  readonly released: Set<Barrier>
}

/**
 * I44 to I48, of a change over several sites: what is behind a barrier is done by no part before the whole has released it, and it is released only
 * while each part is there, as it must be; and the whole ends when all parts have, and as they have.
 */
export function siteRules(history: History): Watch {
  const wholes = new Map<string, WholeSeen>()
  const parts = new Map<string, { readonly part: PartSeen; readonly whole: WholeSeen }>()
  /** Since when each part has been driven by nobody that lives, by the time of the database. */
  const undriven = new Map<string, number>()
  const meet = (what: string): void => history.workers?.cluster.meet(what)

  function see(event: JournalEvent, beside: readonly JournalEvent[]): void {
    const { execution = '' } = event
    if (event.type === 'SitesDivided') divide(execution, event.sites)
    if (event.type === 'StopRequested') ask(event.stopped)
    if (event.type === 'SuspendRequested') ask(event.suspended)
    const whole = wholes.get(execution)
    if (whole !== undefined) seeWhole(event, whole, beside)
    const known = parts.get(execution)
    if (known !== undefined) seePart(event, known.part, known.whole)
  }

  function divide(execution: string, sites: readonly SitePart[]): void {
    const whole: WholeSeen = { parts: sites.map(newPart), released: new Set() }
    wholes.set(execution, whole)
    for (const part of whole.parts) parts.set(part.execution, { part, whole })
  }

  function ask(execution: string): void {
    const known = parts.get(execution)
    if (known !== undefined) known.part.isAsked = true
  }

  function seeWhole(event: JournalEvent, whole: WholeSeen, beside: readonly JournalEvent[]): void {
    if (event.type === 'BarrierDecided' && event.decision === 'released') {
      meet(`release of ${event.barrier}`)
      requireAllThere(event.barrier, whole)
      if (event.barrier === 'push' && !beside.some(({ type }) => type === 'ApprovalUsed'))
        throw new Violation('I48', 'the push is released, and no approval is used up by that')
      whole.released.add(event.barrier)
    }
    if (event.type === 'ExecutionEnded') requireVerdict(event, whole)
  }

  /** I45 and I46 */
  function requireAllThere(barrier: Barrier, { parts: all }: WholeSeen): void {
    for (const part of all.filter(({ end }) => end?.outcome !== 'nothing-to-do')) {
      const what = `${barrier} is released, and ${part.site}`
      const why = whyNotThere(part, barrier)
      if (why !== undefined) throw new Violation('I45', `${what} ${why}`)
      if (barrier === 'confirm') requireCanConfirm(part, what)
    }
  }

  function requireCanConfirm({ execution, armed, verified }: PartSeen, what: string): void {
    const open = [...armed].find((name) => !verified.has(name))
    if (open !== undefined) throw new Violation('I44', `${what}: ${open} is not verified`)
    for (const name of armed) requireTime(execution, name, what)
    const since = history.timeline.now - (undriven.get(execution) ?? history.timeline.now)
    if (history.workers?.cluster.isDriven(execution) !== true && since > UNDRIVEN)
      throw new Violation('I46', `${what} was driven by nobody for ${since / 1000} s`)
  }

  function requireTime(execution: string, name: string, what: string): void {
    const { device } = history.world.box(name)
    const { timer } = device.sessions
    // What a reboot or a hand has ended is judged by what is found there.
    if (timer === undefined || !timer.session.startsWith(sessionPrefix(execution))) return
    const [left, least] = [timer.deadline - device.now, LEAST_LEFT - 2 * (history.scenario.machines?.skew ?? 0)]
    if (left < least)
      throw new Violation('I46', `${what}: only ${left / 1000} s are left of the commit timer of ${name}`)
  }

  function seePart(event: JournalEvent, part: PartSeen, whole: WholeSeen): void {
    switch (event.type) {
      case 'ExecutionStarted':
        part.hasBegun = true
        return
      case 'BarrierReached':
        part.reached.add(event.barrier)
        return
      case 'BarrierLeft':
        meet('site left')
        if (whole.released.has(event.barrier))
          throw new Violation('I45', `${part.site} leaves ${event.barrier} behind its release`)
        part.left.add(event.barrier)
        return
      case 'TaskSucceeded':
        if (event.state === 'Verify' && event.device !== undefined) part.verified.add(event.device)
        return
      case 'ActIntended':
        intend(event, part, whole)
        return
      case 'ActFinished':
        if (event.act === 'confirm' && event.outcome === 'done') part.confirmed.add(event.device)
        return
      case 'CompensationStarted':
      case 'UndoStarted':
        meet('sites put back')
        part.isUndoing = true
        return
      case 'ExecutionEnded':
        part.end = event
        return
      default:
        return
    }
  }

  /** I44 */
  function intend({ act, device }: JournalEvent & { type: 'ActIntended' }, part: PartSeen, whole: WholeSeen): void {
    const barrier = BEHIND[act]
    if (barrier === undefined || part.isUndoing) return
    if (!whole.released.has(barrier))
      throw new Violation('I44', `${part.site}: ${act} of ${device} is announced before ${barrier} is released`)
    if (act === 'arm') part.armed.add(device)
    const others = whole.parts.filter((one) => one !== part)
    const open = others.flatMap(({ armed, verified, confirmed }) =>
      [...armed].filter((name) => !(act === 'save' ? confirmed : verified).has(name)),
    )
    if (act !== 'arm' && open.length > 0 && others.every(({ isUndoing }) => !isUndoing))
      throw new Violation('I44', `${part.site}: ${act} of ${device} is announced, and ${open.join(', ')} is behind`)
  }

  /** I47 */
  function requireVerdict(event: JournalEvent & { type: 'ExecutionEnded' }, whole: WholeSeen): void {
    const begun = whole.parts.filter(({ hasBegun }) => hasBegun)
    const open = begun.find(({ end }) => end === undefined)
    if (open !== undefined) throw new Violation('I47', `it has ended ${event.outcome}, and ${open.site} has not`)
    const ends: Record<string, DeviceEnd> = Object.assign({}, ...begun.map(({ end }) => end?.devices ?? {}))
    const other = Object.entries(ends).find(([name, end]) => event.devices[name] !== end)
    if (other !== undefined)
      throw new Violation('I47', `${other[0]} is ${other[1]}, and the whole calls it ${event.devices[other[0]]}`)
    const isGood = begun.length === whole.parts.length && begun.every(({ end }) => GOOD.has(end?.outcome ?? ''))
    // Who has the whole stop when all sites have saved hears that they keep the change: unknown, by name.
    const mayBe: readonly string[] = isGood ? ['succeeded', 'nothing-to-do', 'unknown'] : NOT_GOOD
    if (!mayBe.includes(event.outcome))
      throw new Violation('I47', `it has ended ${event.outcome}, and its sites ${begun.map(({ end }) => end?.outcome)}`)
    const kept = Object.values(ends).filter((end) => end === 'changed' || end === 'unknown')
    if (!isGood && kept.length > 0 && event.outcome !== 'unknown')
      throw new Violation('I47', `it has ended ${event.outcome}, and a switch has the change, or may have it`)
  }

  return {
    appended: (_life, events) => {
      for (const event of events) see(event, events)
    },
    declaredDead: (life: Life) => {
      if (parts.has(life.execution) && !undriven.has(life.execution)) undriven.set(life.execution, history.timeline.now)
    },
    takenOver: (from: Life) => void undriven.delete(from.execution),
  }
}

/** Why a part is not at a barrier any more, or not yet. */
function whyNotThere({ end, left, isUndoing, isAsked, reached }: PartSeen, barrier: Barrier): string | undefined {
  if (end !== undefined) return `has ended ${end.outcome}`
  if (left.size > 0) return 'has left'
  if (isUndoing) return 'is being put back'
  if (isAsked) return 'is asked to stop or to rest'
  return reached.has(barrier) ? undefined : 'has not reached it'
}

const NOT_GOOD: readonly string[] = ['refused', 'rolled-back', 'cancelled', 'failed', 'unknown']
const GOOD: ReadonlySet<string> = new Set(['succeeded', 'nothing-to-do'])

function newPart({ site, execution }: SitePart): PartSeen {
  return {
    site,
    execution,
    reached: new Set(),
    left: new Set(),
    armed: new Set(),
    verified: new Set(),
    confirmed: new Set(),
    hasBegun: false,
    isUndoing: false,
    isAsked: false,
    end: undefined,
  }
}
