import {
  beforeOf,
  type JudgeBefore,
  type JudgeReading,
  judgeVerdict,
  staleBefore,
  straysIn,
} from '../../eos/check/judge/judge-reading.ts'
import { UNTOUCHED, wasCommitted } from '../../eos/device/history.ts'
import {
  type AskedSwitch,
  type CloudVisionPort,
  type FoundChangeControl,
  isInTheWay,
  unidentifiedWords,
} from '../../model/cloudvision.ts'
import { EosflowError, type Verdict } from '../../model/error.ts'
import { type JudgeSpec, judgeName } from '../../model/judge.ts'
import { togetherIn } from '../plan/pairs.ts'
import type { EventBody } from '../record/event/event.ts'
import type { BeforePush, ChangePort, JudgedCheck, JudgePort, PairPoint } from '../task/act/context.ts'
import { fitnessCommands, requireFreeSide, requireOtherSides } from '../task/act/other-side.ts'
import { sharedLooks } from '../task/act/shared-looks.ts'
import type { AroundRunner, KeptPlan } from './change.ts'
import { isConcerned } from './evaluate.ts'
import type { Ledger } from './ledger.ts'
import { changedTogether } from './next.ts'
import type { AskedJudges, ChangePorts } from './ports.ts'
import type { Prober } from './prober.ts'

const AWAY_HINT =
  'Nothing was sent to these switches. Where changes are to go on without its answer: cloudvision: { whenAway: warn } in eosflow.yaml.'
const RUNNING_HINT = 'Let it end in CloudVision, or stop it there, then start again.'

// Throws `busy` where a change control runs on one of them, and `protocol` where that is not known, unless the settings want only a warning of
// it: then it gives `unheard` where nothing was heard.
async function requireNoChangeControl(
  port: CloudVisionPort,
  ledger: Pick<Ledger, 'append'>,
  switches: readonly AskedSwitch[],
  signal: AbortSignal,
) {
  const devices = switches.map(({ name }) => name)
  const goesOn = port.whenAway === 'warn'
  const found = await heard(port, switches, signal)
  const unknown = async (because: string) => {
    await ledger.append(asked({ answer: 'unknown', devices, because, ...(goesOn ? { goesOn } : {}) }))
    if (goesOn) return
    throw new EosflowError('protocol', `CloudVision does not say whether it changes these switches now: ${because}`, {
      hint: AWAY_HINT,
    })
  }
  if (typeof found === 'string') {
    await unknown(found)
    return 'unheard'
  }
  const { known, controls, unidentified } = found
  const inTheWay = controls.filter(isInTheWay)
  if (inTheWay.length === 0 && unidentified !== undefined) {
    await unknown(unidentifiedWords(unidentified))
    return 'free'
  }
  await ledger.append(asked({ answer: inTheWay.length === 0 ? 'free' : 'running', devices, known, controls }))
  if (inTheWay.length === 0) return 'free'
  throw new EosflowError('busy', inTheWay.map(words).join('\n'), { hint: RUNNING_HINT })
}

type Asked = Extract<EventBody, { readonly type: 'CloudVisionAsked' }>

function asked(body: Omit<Asked, 'type'>): Asked {
  return { type: 'CloudVisionAsked', ...body }
}

async function heard(port: CloudVisionPort, switches: readonly AskedSwitch[], signal: AbortSignal) {
  try {
    return await port.ask(switches, signal)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error instanceof EosflowError && error.kind !== 'bug' && error.kind !== 'store') return error.message
    throw error
  }
}

function words({ id, name, standing, devices }: FoundChangeControl) {
  const which = name === undefined ? id : `"${name}" (${id})`
  if (devices.length === 0)
    return `CloudVision carries out the change control ${which}, and does not say on which switches`
  const where = devices.join(', ')
  return standing === 'running'
    ? `CloudVision carries out the change control ${which} on ${where}`
    : `CloudVision has started the change control ${which} on ${where}, and does not say whether it has ended`
}

/** Lets the two switches of a pair that the plan changes together wait for each other right before their timed commits, and right before their confirms. */
export function pairMeetings(
  ledger: Ledger,
  kept: KeptPlan,
): (device: string, point: PairPoint, signal: AbortSignal) => Promise<boolean> {
  const waiting = new Map<string, () => void>()
  return async (device, point, signal) => {
    const partner = togetherIn((await kept.get()).content.pairs ?? [])
      .find((pair) => pair.includes(device))
      ?.find((name) => name !== device)
    if (partner === undefined) return false
    if (isPast(ledger, partner, point)) return true
    const other = waiting.get(`${point} ${partner}`)
    if (other !== undefined) {
      other()
      return true
    }
    const key = `${point} ${device}`
    await new Promise<void>((resolve, reject) => {
      const abort = () => {
        waiting.delete(key)
        const message = `${device}: not ${DONE[point]}: the execution stops before ${partner}, which goes together with it, is as far`
        reject(new EosflowError('cancelled', message, { device }))
      }
      if (signal.aborted) return abort()
      signal.addEventListener('abort', abort, { once: true })
      waiting.set(key, () => {
        waiting.delete(key)
        signal.removeEventListener('abort', abort)
        resolve()
      })
    })
    return true
  }
}

const DONE: Readonly<Record<PairPoint, string>> = { arm: 'committed', confirm: 'confirmed' }

function isPast({ state }: Ledger, device: string, point: PairPoint) {
  const history = state.devices.get(device)
  if (!isConcerned(state, device) || state.leftOut.has(device)) return true
  return point === 'arm' ? wasCommitted(history) : wasCommitted(history) && history?.phase !== 'armed'
}

interface Call {
  // The scope of its state; absent for what takes a switch back.
  readonly path: string | undefined
  readonly device: string | undefined
  readonly among: string | undefined
  readonly signal: AbortSignal
}

/** What is waited for, or required, before the switches of an execution are pushed or confirmed. */
export function beforePush(
  ports: ChangePorts,
  ledger: Ledger,
  {
    change,
    prober,
    around,
    kept,
  }: {
    readonly change: ChangePort
    readonly prober: Prober
    readonly around: AroundRunner
    readonly kept: KeptPlan
  },
): (call: Call) => BeforePush {
  const { clock, checks, cloudVision, heldBy = async () => undefined } = ports
  const looks = sharedLooks(ports.fleet.apart().as('read'), clock, fitnessCommands(checks))
  // Of each wave: it is asked once for all of its switches, so that none of them is pushed where one may not be.
  const asked = new Map<string, Promise<void>>()
  // The same of what CloudVision says, and since when it is asked.
  const unruled = new Map<string, { readonly since: number; isUnderWay: boolean; readonly answer: Promise<void> }>()
  // A CloudVision that gave no answer once is asked no more: each wait eats the commit timers of the waves before.
  let isUnheard = false
  const meet = pairMeetings(ledger, kept)

  const askCloudVision = async (port: CloudVisionPort, device: string, signal: AbortSignal) => {
    const waves = ledger.state.plan?.waves ?? []
    const from = waves.findIndex((wave) => wave.includes(device))
    const isOpen = (name: string) => !wasCommitted(ledger.state.devices.get(name) ?? UNTOUCHED)
    const names = from === -1 ? [device] : waves.slice(from).flat().filter(isOpen)
    const switches = await Promise.all(
      names.map(async (name) => ({ name, serial: (await change.planned(name)).identity.serial })),
    )
    isUnheard = (await requireNoChangeControl(port, ledger, switches, signal)) === 'unheard'
  }

  const ask = async (device: string, signal: AbortSignal) => {
    const wave = ledger.state.plan?.waves.find((one) => one.includes(device)) ?? [device]
    const planned = await Promise.all(wave.map((name) => change.planned(name)))
    const sides = planned.flatMap(({ otherSide }) => otherSide ?? [])
    if (sides.length === 0) return
    const { look } = looks(`fitness ${wave.join(' ')}`)
    const port = {
      look: async (name: string) => (await look(name, clock.monotonic())).answer,
      heldBy,
    }
    await requireOtherSides({ execution: ledger.state.id, checks, clock, signal, port }, sides)
  }
  return ({ path, device, among, signal }) => ({
    takeShares: async (seconds) => {
      if (ports.budgets === undefined || device === undefined || path === undefined) return
      const devices = changedTogether(ledger.state, path, device)
      await ports.budgets.take(ledger, { devices, seconds, signal })
    },
    beginProbes: () => prober.begin(),
    requireTickets: () => around.requireTickets(),
    beginAround: () => around.begin(),
    requireOtherSides: async () => {
      if (device === undefined || among === undefined) return
      const known = asked.get(among) ?? ask(device, signal)
      asked.set(among, known)
      known.catch(() => asked.delete(among))
      await known
    },
    requireNoChangeControl: async () => {
      if (cloudVision === undefined || device === undefined || among === undefined || isUnheard) return
      const now = clock.monotonic()
      const before = unruled.get(among)
      if (before !== undefined && (before.isUnderWay || now - before.since <= cloudVision.keptFor)) return before.answer
      const asked = { since: now, isUnderWay: true, answer: askCloudVision(cloudVision, device, signal) }
      unruled.set(among, asked)
      const over = () => {
        asked.isUnderWay = false
      }
      asked.answer.then(over, () => unruled.delete(among))
      await asked.answer
    },
    requireFreeSide: async () => {
      if (device === undefined) return
      const { otherSide } = await change.planned(device)
      if (otherSide !== undefined) await requireFreeSide({ heldBy }, otherSide)
    },
    meetPartner: async (point) => device !== undefined && path !== undefined && meet(device, point, signal),
  })
}

// What a judge has said, and when it was asked on the clock that never jumps; or why nothing came of it.
interface Heard {
  readonly at: number
  readonly said: JudgeReading | string
}

export interface JudgesLedger extends Pick<Ledger, 'append'> {
  readonly state: Pick<Ledger['state'], 'judged'>
}

/** The outside judges of an execution, as its tasks see them: asked once for everybody who wants to know at about the same time. */
export function judgePort(ports: Pick<ChangePorts, 'judges' | 'clock' | 'texts'>, ledger: JudgesLedger): JudgePort {
  const { judges, clock } = ports
  if (judges === undefined) return NO_JUDGES
  const heard = judges.specs.map(() => undefined as { at: number; answer: Promise<Heard> } | undefined)
  let measuring: Promise<void> | undefined
  let known: Promise<readonly (JudgeBefore | null)[]> | undefined
  const ask = (place: number, since: number) => {
    const last = heard[place]
    if (last !== undefined && last.at >= since) return last.answer
    const at = clock.monotonic()
    const answer = answerOf(judges, place).then((said) => ({ at, said }))
    heard[place] = { at, answer }
    return answer
  }
  const before = () => {
    const { judged } = ledger.state
    if (judged === undefined) return Promise.resolve([])
    known ??= ports.texts.get(judged).then((text) => JSON.parse(text) as (JudgeBefore | null)[])
    return known
  }
  return {
    isAsked: true,
    before: async (signal) => {
      if (judges.unasked !== undefined || ledger.state.judged !== undefined) return
      measuring ??= measured(ports, judges, ledger).finally(() => {
        measuring = undefined
      })
      await orAborted(measuring, signal)
    },
    judge: async (device, { begun, since }, signal) => {
      const { unasked } = judges
      if (unasked !== undefined)
        return judges.specs.map((spec) => ({ check: judgeName(spec), verdict: { status: 'skip', reason: unasked } }))
      const earlier = await before()
      const work = judges.specs.map(async (spec, place): Promise<JudgedCheck> => {
        const { at, said } = await ask(place, since)
        const verdict: Verdict =
          typeof said === 'string'
            ? { status: 'error', reason: said }
            : await judgeVerdict(spec, said, {
                device,
                since: (at - begun) / 1000,
                before: earlier[place] ?? undefined,
              })
        return { check: judgeName(spec), verdict: spec.mode === 'observe' ? observed(verdict) : verdict }
      })
      return orAborted(Promise.all(work), signal)
    },
  }
}

const NO_JUDGES: JudgePort = { isAsked: false, before: async () => undefined, judge: async () => [] }

function observed(verdict: Verdict): Verdict {
  switch (verdict.status) {
    case 'pass':
      return { status: 'skip', reason: ['only observed, it would pass', ...verdict.facts].join(': ') }
    case 'fail':
      return { status: 'skip', reason: `only observed, it would fail: ${verdict.reasons.join('; ')}` }
    case 'error':
      return { status: 'skip', reason: `only observed, it cannot be judged: ${verdict.reason}` }
    case 'skip':
      return verdict
  }
}

async function answerOf(judges: AskedJudges, place: number) {
  const spec = judges.specs[place]
  if (spec === undefined) throw new EosflowError('bug', `there is no judge ${place}`)
  try {
    const answer = await judges.ask(spec)
    return answer.ok ? answer.reading : answer.reason
  } catch (error) {
    if (error instanceof EosflowError && error.kind !== 'bug') return error.message
    throw error
  }
}

async function measured({ texts }: Pick<ChangePorts, 'texts'>, judges: AskedJudges, ledger: JudgesLedger) {
  const found = await Promise.all(judges.specs.map((spec) => beforeTheChange(judges, spec)))
  const series = found.reduce((sum, one) => sum + Object.keys(one ?? {}).length, 0)
  const before = await texts.put(JSON.stringify(found))
  await ledger.append({ type: 'JudgesMeasured', judges: judges.specs.map(judgeName), before, series })
}

async function beforeTheChange(judges: AskedJudges, spec: JudgeSpec) {
  try {
    return beforeOf(await requireJudge(judges, spec))
  } catch (error) {
    if (spec.mode !== 'observe' || !(error instanceof EosflowError) || error.kind === 'bug') throw error
    return null
  }
}

/** What a judge says before anything is changed. Throws what keeps it from being asked, or `protocol` where what it says cannot be relied on. */
export async function requireJudge(judges: Pick<AskedJudges, 'ask'>, spec: JudgeSpec): Promise<JudgeReading> {
  const answer = await judges.ask(spec)
  if (!answer.ok) throw notJudged(spec, answer.reason)
  const strays = straysIn(spec, answer.reading)
  if (strays.length > 0) {
    const some = strays.slice(0, 5).join(', ')
    throw notJudged(spec, `series belong to no switch of this change: ${some}`, STRAYS_HINT)
  }
  const stale = staleBefore(spec, answer.reading)
  if (stale !== undefined) throw notJudged(spec, stale)
  return answer.reading
}

const STRAYS_HINT =
  'Narrow the query with {{ device.name }}, or say with `is:` what the label holds of each switch (docs/judges.md).'

function notJudged(
  spec: JudgeSpec,
  reason: string,
  hint = 'Nothing was changed. Mend it there, or take the judge out of the workflow.',
) {
  return new EosflowError('protocol', `${judgeName(spec)} cannot be relied on: ${reason}`, { hint, retryable: true })
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal) {
  if (signal.aborted) throw signal.reason
  let stop: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop)
    work.catch(() => undefined)
  }
}
