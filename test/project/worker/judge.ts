import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { sessionPrefix } from '../../../src/change/task/act/act.ts'
import type { Truth } from './fabric-process.ts'
import type { RequestLeft } from './machine.ts'
import { type Declared, wrongByOwners } from './owner-judge.ts'
import type { WriteFrom } from './senders.ts'
import { wrongAtSwitch, wrongLog } from './switch-judge.ts'
import { longestGap, type Part, type Taken, type Undriven, undrivenFor } from './undriven.ts'

/** What one execution was to do, and when somebody answered what it waited for. */
export interface Asked {
  readonly device: string
  readonly vlan: number
  /** When its plan was approved, milliseconds since the epoch. */
  readonly approved: readonly number[]
}

/** Everything by which executions are judged: their records, and what the machines and the switches have seen without asking anybody. */
export interface Evidence {
  readonly asked: ReadonlyMap<string, Asked>
  readonly records: ReadonlyMap<string, readonly JournalEvent[]>
  /** What has left the machines of the workers. */
  readonly left: readonly RequestLeft[]
  /** What the switches were sent, and how they are now. */
  readonly writes: readonly WriteFrom[]
  readonly switches: Readonly<Record<string, Truth>>
  /** When each worker ended, by the name that its records have, milliseconds since the epoch. */
  readonly deaths: ReadonlyMap<string, number>
  /** When each worker was stopped in its tracks, by the same names. */
  readonly frozen: ReadonlyMap<string, readonly Part[]>
  /** Who was declared dead, by the same names: as the database has it. */
  readonly declared: ReadonlyMap<string, Declared>
  /** Which workers have said that they drive an execution. */
  readonly taken: ReadonlyMap<string, readonly Taken[]>
  /**
   * For how long at most an execution may have something to do and no new record, in milliseconds: while its owner lives, and again from the death of its owner on, and of each worker
   * that takes it and dies.
   */
  readonly longest: number
  /**
   * For how long nobody may drive an execution that has something to do, in milliseconds: at a time, and so long in all where no worker that had it failed. Each failure may cost
   * so much more.
   */
  readonly undriven: { readonly longest: number; readonly failure: number }
}

/** What was found, and how much was looked at. */
export interface Judgement {
  /** In words, each with the number of its invariant (docs/simulation.md) where it has one. */
  readonly wrong: readonly string[]
  readonly outcomes: Readonly<Record<string, number>>
  /** Why executions have not ended well. */
  readonly reasons: Readonly<Record<string, number>>
  /** Requests that were judged: by their senders, and by the switches. */
  readonly requests: { readonly left: number; readonly seen: number }
  /** The longest times for which executions had something to do and no new record, in milliseconds. */
  readonly gaps: readonly number[]
  /** When nobody drove each of them. */
  readonly undriven: readonly Undriven[]
}

/** Judges executions of one switch each, by the rules of the simulation for owners and by what is true on the switches. */
export function judge(evidence: Evidence): Judgement {
  const { asked, records, left, writes, switches, declared } = evidence
  const wrong: string[] = []
  const outcomes: Record<string, number> = {}
  const reasons: Record<string, number> = {}
  const gaps: number[] = []
  const undriven: Undriven[] = []
  const whose = attribution(evidence)
  const [leftOf, writesOf] = [grouped(left, whose), grouped(writes, whose)]
  const executions = [...asked.keys()]
  for (const [id, one] of asked) {
    const events = records.get(id) ?? []
    const own = { left: leftOf.get(id) ?? [], writes: writesOf.get(id) ?? [] }
    const found = [...wrongByOwners({ id, events, ...own, declared, executions }), ...wrongAtSwitch(events, own.writes)]
    wrong.push(...found.map((words) => `${words} (${id})`))
    const alone = aloneFor(evidence, id, one)
    gaps.push(alone.gap)
    undriven.push(alone.undriven)
    wrong.push(...alone.wrong)
    const last = events.at(-1)
    if (last?.type === 'ExecutionEnded') {
      outcomes[last.outcome] = (outcomes[last.outcome] ?? 0) + 1
      const because = last.error?.message.replaceAll(one.device, 'a switch').replaceAll(/\b\d{5}\b/g, 'N')
      if (because !== undefined) reasons[because] = (reasons[because] ?? 0) + 1
    }
    wrong.push(...endOf(id, one, last, switches))
  }
  for (const one of left.filter((request) => !asked.has(whose(request))))
    wrong.push(`${one.worker} sends to ${one.device} for nobody: ${one.commands.join('; ')}`)
  for (const [name, truth] of Object.entries(switches))
    wrong.push(...leftOn([name, truth]), ...wrongLog(name, truth, writes))
  return { wrong, outcomes, reasons, requests: { left: left.length, seen: writes.length }, gaps, undriven }
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>()
  for (const one of all) {
    const own = found.get(keyOf(one)) ?? []
    own.push(one)
    found.set(keyOf(one), own)
  }
  return found
}

/** How long nobody did anything about one execution. */
function aloneFor(evidence: Evidence, id: string, { approved }: Asked) {
  const { records, deaths, frozen, taken, longest, undriven: allowed } = evidence
  const driving = { events: records.get(id) ?? [], approved, deaths, frozen, taken: taken.get(id) ?? [] }
  const { gap, words } = longestGap(driving)
  const undriven = undrivenFor(driving)
  const most = allowed.longest + undriven.failures * allowed.failure
  const wrong = [
    ...(gap > longest ? [`${id} has had something to do and no new record for ${gap} ms: ${words}`] : []),
    ...(undriven.longest > allowed.longest ? [`${id} was driven by nobody for ${undriven.longest} ms`] : []),
    ...(undriven.inAll > most
      ? [`${id} was driven by nobody for ${undriven.inAll} ms in all, with ${undriven.failures} failures`]
      : []),
  ]
  return { gap, undriven, wrong }
}

/** Nothing may be left on a switch when all is over. */
function leftOn([name, { isArmed, open }]: readonly [string, Truth]) {
  const sessions = open.map((session) => `I21: session ${session} is open on ${name}`)
  return isArmed ? [`I9: a commit timer runs on ${name}`, ...sessions] : sessions
}

/** An end must be there, and be true on the switch. */
function endOf(id: string, { device, vlan }: Asked, last: JournalEvent | undefined, switches: Evidence['switches']) {
  if (last?.type !== 'ExecutionEnded') return [`I9: ${id} has no end: ${last?.type ?? 'no record'}`]
  const found = switches[device]
  const end = last.devices[device]
  const isChanged = end === 'changed'
  return [
    ...((last.outcome === 'succeeded') === isChanged ? [] : [`I7: ${id} ${last.outcome}, ${device} ${end}`]),
    ...(end === 'unknown' || found === undefined ? [] : untrue(id, last.outcome, isChanged, vlan, found)),
  ]
}

/** What the record says must be what the switch runs and boots. */
function untrue(id: string, outcome: string, isIn: boolean, vlan: number, { running, startup }: Truth) {
  const [runs, boots] = [running, startup].map((text) => text.split('\n').includes(`vlan ${vlan}`))
  if (runs === isIn && boots === isIn) return []
  return [`I8: ${id} ${outcome}: the switch runs it: ${runs}, boots it: ${boots}`]
}

type Sent = Pick<RequestLeft, 'device' | 'at' | 'commands'>

/** The execution that a request is of: by the name of its session, or by what its switch was last begun to be changed for. */
function attribution({ asked, records }: Evidence): (request: Sent) => string {
  const byPrefix = new Map([...asked.keys()].map((id) => [sessionPrefix(id), id]))
  const byDevice = new Map<string, { readonly id: string; readonly from: number }[]>()
  for (const [id, { device }] of asked) {
    const from = timeOf(records.get(id)?.[0])
    byDevice.set(
      device,
      [...(byDevice.get(device) ?? []), { id, from }].toSorted((a, b) => a.from - b.from),
    )
  }
  return ({ device, at, commands }) => {
    // A change deletes checkpoints of earlier ones: whose they are says nothing of who sends it.
    const own = commands.filter((command) => !command.startsWith('delete checkpoint:'))
    const named = /eosflow-[0-9a-f]{8}-/.exec(own.join('\n'))?.[0]
    if (named !== undefined) return byPrefix.get(named) ?? ''
    return byDevice.get(device)?.findLast(({ from }) => from <= at)?.id ?? ''
  }
}

function timeOf(event: JournalEvent | undefined) {
  return event === undefined ? 0 : Date.parse(event.at)
}
