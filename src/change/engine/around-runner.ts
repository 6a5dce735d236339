import { type AroundSpec, aroundName, type SecretSpec, type TicketSpec } from '../../model/around.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { EosflowError, messageOf } from '../../model/error.ts'
import type { EventBody } from '../record/event/event.ts'
import { isOver } from './around.ts'
import type { KeptPlan } from './kept-plan.ts'
import type { Ledger } from './ledger.ts'
import type { AroundMark, AroundPort, ChangePorts } from './ports.ts'

export interface AroundRunner {
  /**
   * Requires that each ticket allows the change: asked once by each process, for all switches that it may still push. Throws `guard` where one does not, or
   * what keeps one from being asked, and from then on the same for every other switch.
   */
  requireTickets(): Promise<void>
  /** Does at each service what is to be there before the first push, once. Whatever goes wrong is on record, and stops nothing but for a secret. */
  begin(): Promise<void>
  /** Of a change that writes nothing: looks at the secret that it would have put onto switches. */
  beginSecret(): Promise<void>
  end(signal: AbortSignal): Promise<void>
}

// For how many milliseconds the end of one entry is tried, and how long after the first failure; each pause is twice the one before.
const LONGEST = 60_000
const FIRST_PAUSE = 1_000
const LONGEST_SAID = 300

/** Builds what does the entries of `around` of an execution, on its record. */
export function aroundRunner(
  { around: port, clock }: Pick<ChangePorts, 'around' | 'clock'>,
  ledger: Ledger,
  kept: Pick<KeptPlan, 'get'>,
): AroundRunner {
  if (port === undefined) return asksNobody(ledger)
  let asking: Promise<void> | undefined
  let beginning: Promise<void> | undefined
  const work: Work = { port, clock, ledger }
  const specsNow = async (): Promise<readonly AroundSpec[]> => (await kept.get()).content.around ?? []
  const beginThose = async (specs: readonly AroundSpec[], isBegun: (spec: AroundSpec) => boolean) => {
    if (!specs.some(isBegun)) return
    if (ledger.state.around === undefined)
      await ledger.append({ type: 'AroundTurned', phase: 'begins', names: specs.map(aroundName) })
    await everyOne(specs.map((spec, entry) => (isBegun(spec) ? begin(work, spec, entry) : undefined)))
  }
  return {
    requireTickets: () => {
      // A refusal is for the change and not for one switch: it is kept, so that no switch of a rollout that tolerates failures is pushed behind it.
      asking ??= specsNow().then((specs) =>
        everyOne(specs.map((spec, entry) => (isGate(spec) ? ask(work, spec, entry) : undefined))),
      )
      return asking
    },
    begin: () => {
      beginning ??= specsNow().then((specs) => beginThose(specs, () => true))
      return beginning
    },
    beginSecret: async () => beginThose(await specsNow(), ({ around }) => around === 'secret'),
    end: async (signal) => {
      const specs = await specsNow().catch(() => [])
      const { names = [] } = ledger.state.around ?? {}
      await everyOne(names.map((name, entry) => end(work, { name, entry, spec: specs[entry] }, signal)))
    },
  }
}

function asksNobody(ledger: Ledger): AroundRunner {
  return {
    requireTickets: async () => undefined,
    begin: async () => undefined,
    beginSecret: async () => undefined,
    end: async () => {
      const { names = [] } = ledger.state.around ?? {}
      const open = names.flatMap((name, entry) => (hasEnded(ledger, entry) ? [] : [{ name, entry }]))
      for (const one of open)
        await record(ledger, { ...one, act: 'end', result: 'failed', said: 'nobody is asked here' })
    },
  }
}

interface Work {
  readonly port: AroundPort
  readonly clock: ChangePorts['clock']
  readonly ledger: Ledger
}

type Acted = Omit<Extract<EventBody, { type: 'AroundActed' }>, 'type'>

function record(ledger: Ledger, { said, ...acted }: Acted) {
  return ledger.append({ type: 'AroundActed', ...acted, ...(said === undefined ? {} : { said: clipped(said) }) })
}

function markOf({ state: { id, redriven } }: Ledger, entry: number): AroundMark {
  return { execution: id, key: `${id}/${entry + 1}${redriven === 0 ? '' : `/${redriven}`}` }
}

async function ask({ port, ledger }: Work, spec: TicketSpec | SecretSpec, entry: number) {
  const about = { entry, name: aroundName(spec), act: 'ask' } as const
  const answer = await port.ask(spec).catch(async (error: unknown) => {
    await record(ledger, { ...about, result: 'unknown', said: messageOf(error) })
    throw error
  })
  await record(ledger, { ...about, result: answer.allows ? 'done' : 'failed', said: answer.said })
  if (answer.allows) return
  throw new EosflowError('guard', `${about.name} does not allow the change: ${clipped(answer.said)}`, {
    hint:
      spec.around === 'secret'
        ? 'Nothing was sent. Plan again: a new secret is made where none is pending.'
        : 'Nothing was sent. Have the ticket allowed, then run it again.',
  })
}

async function begin({ port, ledger }: Work, spec: AroundSpec, entry: number) {
  const known = ledger.state.around?.entries[entry]?.begin
  if (!BEGUN.includes(spec.around) || (known !== undefined && known !== 'intended')) return
  const about = { entry, name: aroundName(spec), act: 'begin' } as const
  const mark = markOf(ledger, entry)
  let isInDoubt = known === 'intended'
  const again = async () => (await port.find(spec, mark)) ?? port.begin(spec, mark)
  const first = () =>
    port.begin(spec, mark).catch((error: unknown) => {
      if (error instanceof EosflowError && !LEAVES_DOUBT.includes(error.kind)) throw error
      isInDoubt = true
      return again()
    })
  if (!isInDoubt) await record(ledger, { ...about, result: 'intended' })
  let acted: Acted
  try {
    const id = await (isInDoubt ? again() : first())
    acted = { ...about, result: isInDoubt ? 'unknown' : 'done', id }
  } catch (error) {
    const said = saidOf(error)
    acted = { ...about, result: isInDoubt ? 'unknown' : 'failed', said }
  }
  await record(ledger, acted)
  if (spec.around === 'secret' && acted.id === undefined)
    throw new EosflowError('guard', `${about.name} ${acted.said ?? 'is not known'}`, { hint: 'Nothing was sent.' })
}

function isGate(spec: AroundSpec): spec is TicketSpec | SecretSpec {
  return spec.around === 'ticket' || spec.around === 'secret'
}

interface Ending {
  readonly name: string
  readonly entry: number
  readonly spec: AroundSpec | undefined
}

async function end(work: Work, { name, entry, spec }: Ending, signal: AbortSignal) {
  const { ledger } = work
  if (hasEnded(ledger, entry)) return
  const about = { entry, name, act: 'end' } as const
  if (spec === undefined || aroundName(spec) !== name)
    return record(ledger, { ...about, result: 'failed', said: 'what the plan says of it cannot be read' })
  const { begin: begun, end: ended } = ledger.state.around?.entries[entry] ?? {}
  const isNothing = begun === undefined || begun === 'failed'
  if (isNothing && (spec.around === 'silence' || spec.around === 'secret' || ledger.state.plan?.waves.length === 0))
    return record(ledger, { ...about, result: 'done', said: 'nothing was begun there' })
  if (ended === undefined) await record(ledger, { ...about, result: 'intended' })
  const found = await endInTime(work, spec, entry, signal)
  if (found !== undefined) await record(ledger, { ...about, ...found })
}

// Tries it until it is done, or for a minute.
async function endInTime(
  { port, clock, ledger }: Work,
  spec: AroundSpec,
  entry: number,
  signal: AbortSignal,
): Promise<Pick<Acted, 'result' | 'said'> | undefined> {
  const { begin: begun, id } = ledger.state.around?.entries[entry] ?? {}
  const isInDoubt = begun === 'intended' || begun === 'unknown'
  const mark = { ...markOf(ledger, entry), isInDoubt, ...definedMembers({ id }) }
  const over = clock.monotonic() + LONGEST
  for (let pause = FIRST_PAUSE; ; pause *= 2) {
    const said = await port.end(spec, mark, ledger.state).then(
      (good) => ({ good }),
      (error: unknown) => ({ bad: saidOf(error), isTriedAgain: isTriedAgain(error) }),
    )
    if ('good' in said) return { result: 'done', said: said.good }
    if (signal.aborted) return undefined
    if (!said.isTriedAgain || clock.monotonic() + pause > over) return { result: 'failed', said: said.bad }
    await clock.sleep(pause, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
    if (signal.aborted) return undefined
  }
}

function hasEnded({ state: { around } }: Ledger, entry: number) {
  return around === undefined || isOver(around, entry)
}

// The kinds of entries that begin before the first push; the others hear only of the end.
const BEGUN: readonly AroundSpec['around'][] = ['silence', 'annotation', 'secret']

const LEAVES_DOUBT: readonly EosflowError['kind'][] = ['lost-answer', 'protocol', 'bug']

// What the settings do not allow, a secret that is not there, and a fault of eosflow do not mend themselves within a minute.
function isTriedAgain(error: unknown) {
  return error instanceof EosflowError && !['guard', 'secret', 'bug'].includes(error.kind)
}

// A fault of eosflow is said, too, and not thrown: the change would never end, since whoever goes on with it meets the same answer again.
function saidOf(error: unknown) {
  if (error instanceof EosflowError && error.kind !== 'bug') return error.message
  return `eosflow has failed at it: ${messageOf(error)}`
}

async function everyOne(work: readonly (Promise<void> | undefined)[]) {
  const ends = await Promise.allSettled(work)
  for (const one of ends) if (one.status === 'rejected') throw one.reason
}

function clipped(said: string) {
  const line = said.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
  return line.length <= LONGEST_SAID ? line : `${line.slice(0, LONGEST_SAID)}…`
}
