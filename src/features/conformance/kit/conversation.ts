import type { Device, RawAnswer, RawRequest } from '../../../eos/device/device.ts'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError, ofOneSwitch } from '../../../model/error.ts'
import { definedItems, definedMembers, type Json } from '../../../model/json.ts'
import type { TransportKind } from '../../../model/transport-kind.ts'
import { BACKUP, BENCH_STEPS, type Bench, benchOf, FREE_STEP, imageIn, notFree, remains } from './bench.ts'
import {
  KIT,
  type KitFact,
  type KitLogin,
  type KitStart,
  type KitStep,
  type Probe,
  ProbeAnswers,
  type ProbeResult,
  type SeenFailure,
  type SkippedStep,
  step,
  timeIn,
  typed,
} from './contract/probe.ts'
import { type RecordedLine, withoutSecrets } from './recording.ts'

export type KitConnection = Pick<Device, 'exchange' | 'close'>

export interface KitPorts {
  readonly name: string
  readonly over: TransportKind
  readonly device: () => Promise<Pick<Device, 'exchange'>>
  readonly renew: () => Promise<Pick<Device, 'exchange'>>
  readonly beside: () => Promise<KitConnection>
  /** A new connection of somebody else; absent where there is no password that could be another one. */
  readonly login?: (who: KitLogin) => Promise<KitConnection>
  readonly password: string
  readonly clock: Clock
  readonly record: (line: RecordedLine) => void
  readonly scrub: (text: string) => string
  /** Puts on record that a probe begins, before anything of it is sent, and how it has left the switch. */
  readonly begins: (probe: Probe, start: KitStart) => Promise<void>
  readonly ended: (probe: Probe, remains: readonly string[] | undefined) => Promise<void>
  /** Whether a person wants it to stop: it stops behind the probe that is tried. */
  readonly stops: () => boolean
}

const BACK_UP = step('back-up', [`copy running-config ${BACKUP}`])
const FORGET = step('forget', [`delete ${BACKUP}`])

// A rollback may still be finishing: so often it is looked again, so many milliseconds apart.
const LOOKS = { times: 5, milliseconds: 3000 }
const NO_LOGIN = 'it is tried where a password logs in'
const BOOTING = 10_000

type KitConversation = ReturnType<typeof conversation>

function conversation(ports: KitPorts) {
  const began = ports.clock.monotonic()
  let heard: { readonly at: number; readonly uptime: number; readonly epoch: number } | undefined
  let tried = 'start'
  const waiting: RecordedLine[] = []
  let hasHead = false
  return { read, free, backUp, forgetBackUp, writeHead, tryProbe, leftBehind }

  async function read() {
    const [texts, list] = BENCH_STEPS
    return benchOf(await exchange(texts, false), await exchange(list, false))
  }

  function free() {
    return exchange(FREE_STEP, false)
  }

  async function backUp() {
    const [outcome] = (await exchange(BACK_UP, false)).outcomes
    return outcome?.ok === true
  }

  async function forgetBackUp() {
    tried = 'end'
    const answer = await exchange(FORGET, false).catch((thrown: unknown) => {
      ofOneSwitch(thrown)
      return undefined
    })
    return answer?.outcomes[0]?.ok === true ? [] : [`${BACKUP} (delete ${BACKUP})`]
  }

  function writeHead({ eos, model }: Bench, { image, checkpoints, isTyped }: KitStart) {
    const { name, over, clock, record } = ports
    record({
      kind: 'conformance-recording',
      version: 1,
      device: name,
      eos,
      model,
      over,
      isTyped,
      checkpoints,
      at: Math.round(clock.now()),
      ...definedMembers({ image }),
    })
    hasHead = true
    for (const line of waiting) record(line)
  }

  async function tryProbe(probe: Probe, start: KitStart): Promise<ProbeResult> {
    tried = probe.id
    const seen = new ProbeAnswers(start)
    const skipped: SkippedStep[] = []
    let failure: string | undefined
    try {
      for (const step of probe.steps(start)) await takeStep(step, seen, skipped)
    } catch (thrown) {
      failure = ofOneSwitch(thrown).message
    }
    for (const step of [...ending(probe), ...(probe.undo ?? [])]) {
      await takeStep({ ...step, anew: true }, seen, []).catch(ofOneSwitch)
    }
    await deleteMade(probe, start)
    return {
      probe: probe.id,
      findings: probe.judge(seen),
      skipped,
      ...definedMembers({ failure }),
    }
  }

  async function leftBehind(before: Bench, probe: Probe) {
    let left: readonly string[] | undefined
    for (let look = 0; look < LOOKS.times; look += 1) {
      if (look > 0) await ports.clock.sleep(LOOKS.milliseconds)
      const now = await read().catch((thrown: unknown) => {
        ofOneSwitch(thrown)
        return undefined
      })
      left = now === undefined ? undefined : remains(before, now, probe.disruptive === true)
      if (left?.length === 0) return left
      await ports.renew().catch(ofOneSwitch)
    }
    return left
  }

  function leaveOut({ name, settles }: KitStep, why: string, skipped: SkippedStep[]) {
    skipped.push({ step: name, why, ...definedMembers({ settles }) })
    note({ kind: 'step', probe: tried, step: name, at: sinceBegin(), milliseconds: 0, skipped: why })
  }

  async function takeStep(step: KitStep, seen: ProbeAnswers, skipped: SkippedStep[]) {
    const { clock } = ports
    const why = step.login !== undefined && ports.login === undefined ? NO_LOGIN : step.unless?.(seen)
    if (why !== undefined) return leaveOut(step, why, skipped)
    if (step.wait !== undefined) await clock.sleep(step.wait * 1000)
    const { times, milliseconds } = step.again ?? { times: 1, milliseconds: 0 }
    for (let time = 0; time < times; time += 1) {
      if (time > 0) await clock.sleep(milliseconds)
      await together(step, seen)
    }
  }

  async function together(step: KitStep, seen: ProbeAnswers) {
    if (step.beside === undefined) return once(step, seen)
    const requests = [step.commands, ...step.beside].map((commands, at) => {
      const name = at === 0 ? step.name : `${step.name}-${at + 1}`
      return { name, format: step.format, commands, mayFail: true } as const
    })
    await Promise.all(requests.map((request) => once(request, seen, ports.beside)))
  }

  async function once(step: KitStep, seen: ProbeAnswers, open?: () => Promise<KitConnection>) {
    const { clock } = ports
    const until = clock.monotonic() + (step.patience ?? 0) * 1000
    for (;;) {
      const at = sinceBegin()
      try {
        const { outcomes, prompts } = await exchange(step, step.anew === true, open)
        const milliseconds = sinceBegin() - at
        seen.add(step.name, { at, milliseconds, outcomes, ...definedMembers({ prompts }) })
        return
      } catch (thrown) {
        seen.failed(step.name, told(ofOneSwitch(thrown)))
        if (step.mayFail === true) return
        if (clock.monotonic() >= until) throw thrown
        await clock.sleep(BOOTING)
      }
    }
  }

  async function exchange(step: KitStep, anew: boolean, open = loginOf(step)) {
    const { device, renew, scrub } = ports
    const at = sinceBegin()
    const base = { kind: 'step', probe: tried, step: step.name, at } as const
    try {
      const { commands, format, refusals = 'stop' } = step
      const request: RawRequest = { commands, format, refusals }
      const answer = await (open === undefined
        ? (await (anew ? renew() : device())).exchange(request)
        : exchangedOver(await open(), request))
      heardTime(step, answer, at)
      const time = heard
      const since = time === undefined ? 0 : (at - time.at) / 1000
      note({
        ...base,
        milliseconds: sinceBegin() - at,
        ...(time === undefined ? {} : { uptime: time.uptime + since, epoch: time.epoch + since }),
        ...(answer.prompts === undefined ? { status: 200 as const } : {}),
        ...withoutSecrets(answer, scrub),
      })
      return answer
    } catch (thrown) {
      note({ ...base, milliseconds: sinceBegin() - at, failure: told(ofOneSwitch(thrown)) })
      throw thrown
    }
  }

  function loginOf({ login }: KitStep) {
    const open = ports.login
    return login === undefined || open === undefined ? undefined : () => open(login)
  }

  function told({ kind, message, cause }: EosflowError): SeenFailure {
    const { scrub } = ports
    return { error: kind, message: scrub(message), ...(typeof cause === 'string' ? { says: scrub(cause) } : {}) }
  }

  function heardTime({ commands, format }: KitStep, { outcomes }: RawAnswer, at: number) {
    const [outcome] = outcomes
    if (format !== 'json' || commands[0]?.cmd !== 'show version' || outcome?.ok !== true) return
    const time = timeIn(outcome.result)
    if (time !== undefined) heard = { at, ...time }
  }

  async function deleteMade({ makes }: Probe, { checkpoints }: KitStart) {
    if (makes === undefined) return
    try {
      const made = (await read())?.checkpoints.filter((name) => makes.test(name) && !checkpoints.includes(name))
      if (made === undefined || made.length === 0) return
      const commands = typed(...made.map((name) => `delete checkpoint:${name}`))
      await exchange({ name: 'delete-made', format: 'text', commands, refusals: 'go-on' }, false)
    } catch (thrown) {
      ofOneSwitch(thrown)
    }
  }

  function note(line: RecordedLine) {
    if (hasHead) ports.record(line)
    else waiting.push(line)
  }

  function sinceBegin() {
    return Math.round(ports.clock.monotonic() - began)
  }
}

export const END_SESSIONS = 'end-sessions'

function ending({ sessions }: Probe) {
  if (sessions.length === 0) return []
  const commands = sessions.flatMap((name) => [`configure session ${name} abort`, `no configure session ${name}`])
  return [step(END_SESSIONS, [...commands], { refusals: 'go-on' })]
}

async function exchangedOver(connection: KitConnection, request: RawRequest) {
  try {
    return await connection.exchange(request)
  } finally {
    await connection.close()
  }
}

export interface KitRun {
  readonly device: string
  readonly eos: string
  readonly model: string
  readonly probes: readonly ProbeResult[]
  readonly stopped?: string
  /** How the switch differs from before; undefined where it could not be read. */
  readonly remains: readonly string[] | undefined
}

/** Tries probes on one switch, one after the other. Behind each the switch is read: where it is not as before, nothing more is tried. */
export async function runKit(ports: KitPorts, probes: readonly Probe[]): Promise<KitRun> {
  const run = conversation(ports)
  const before = await run.read()
  if (before === undefined) throw guard(ports, 'it does not show its running-config, sessions and time')
  const why = notFree(before, await run.free())
  if (why !== undefined) throw guard(ports, why)
  const start = startOf(before, ports)
  run.writeHead(before, start)
  if (!(await run.backUp())) throw guard(ports, `it does not keep running-config in ${BACKUP}`)
  const { results, left, ...end } = await tryInTurn(ports, run, { before, start, probes })
  const remains = left?.length === 0 ? await run.forgetBackUp() : left
  const told = (remains ?? [`${ports.name} could not be read`]).map(ports.scrub)
  ports.record({ kind: 'end', remains: told, ...end })
  const { eos, model } = before
  return { device: ports.name, eos, model, probes: results, remains, ...end }
}

function startOf(before: Bench, { password }: KitPorts): KitStart {
  const { eos, isTyped, checkpoints } = before
  return { eos, isTyped, checkpoints, password, ...definedMembers({ image: imageIn(before) }) }
}

interface Turns {
  readonly before: Bench
  readonly start: KitStart
  readonly probes: readonly Probe[]
}

// Tries probes until one has left the switch otherwise than before, or somebody wants it to stop.
async function tryInTurn(ports: KitPorts, run: KitConversation, { before, start, probes }: Turns) {
  const results: ProbeResult[] = []
  let left: readonly string[] | undefined = []
  for (const probe of probes) {
    const without = missing(probe, results)
    if (without !== undefined) {
      results.push(without)
      continue
    }
    await ports.begins(probe, start)
    results.push(await run.tryProbe(probe, start))
    left = await run.leftBehind(before, probe)
    await ports.ended(probe, left)
    const hasMore = probe !== probes.at(-1)
    if (left?.length !== 0 || (hasMore && ports.stops())) return { results, left, stopped: probe.id }
  }
  return { results, left }
}

function missing({ id, requires, behind }: Probe, results: readonly ProbeResult[]): ProbeResult | undefined {
  const findings = results.flatMap((result) => result.findings)
  const refuting = findings.find(({ row, holds }) => (row === requires || row === behind) && !holds)
  const isProven = behind === undefined || findings.some(({ row }) => row === behind)
  if (refuting === undefined && isProven) return undefined
  const why = refuting?.says ?? `\`${behind}\` was not proven in this run`
  return { probe: id, findings: [], skipped: [], failure: `it is not tried where ${why}` }
}

function guard({ name }: KitPorts, why: string) {
  return new EosflowError('guard', `${name}: nothing is tried on it: ${why}`, {
    device: name,
    hint: 'Take away what is named, save the configuration, then try again.',
  })
}

/** What a run says of one row of docs/unproven.md. */
export interface RowVerdict {
  readonly row: string
  readonly verdict: 'proven' | 'refuted' | 'not reached'
  readonly says: string
  readonly probes: readonly string[]
}

/**
 * The verdict about each row that probes may settle, in the order of the probes: refuted where one finding says so, proven where one was made, and
 * not reached where none was.
 */
export function rowVerdicts(probes: readonly Probe[], results: readonly ProbeResult[]): readonly RowVerdict[] {
  const rows = [...new Set(probes.flatMap(({ rows: named }) => named))]
  return rows.map((row) => {
    const asking = probes.filter(({ rows: named }) => named.includes(row)).map(({ id }) => id)
    const findings = results.flatMap(({ findings: found }) => found.filter((one) => one.row === row))
    const refuting = findings.filter(({ holds }) => !holds)
    if (refuting.length > 0) return { row, verdict: 'refuted', says: saying(refuting), probes: asking }
    if (findings.length > 0) return { row, verdict: 'proven', says: saying(findings), probes: asking }
    return { row, verdict: 'not reached', says: whyNot(row, asking, results), probes: asking }
  })
}

const saying = (findings: readonly { readonly says: string }[]) =>
  [...new Set(findings.map(({ says }) => says))].join('; ')

function whyNot(row: string, asking: readonly string[], results: readonly ProbeResult[]) {
  const tried = results.filter(({ probe }) => asking.includes(probe))
  if (tried.length === 0) return 'the probe was not tried'
  const because = tried.flatMap(({ failure, skipped }) => {
    const missed = skipped.filter(({ settles }) => settles?.includes(row) !== false)
    return definedItems(failure, ...missed.map(({ step, why }) => `${step}: ${why}`))
  })
  return because[0] ?? 'the switch showed nothing of it'
}

/** The facts in findings that differ from what the simulator says of the version, each once. */
export function deviatingFacts(results: readonly ProbeResult[]): readonly KitFact[] {
  const facts = new Map<string, Json>()
  for (const { findings } of results)
    for (const { holds, fact } of findings) if (!holds && fact !== undefined) facts.set(fact.key, fact.value)
  return [...facts].map(([key, value]) => ({ key, value }))
}

const UNREAD: KitStart = { eos: '0', isTyped: false, checkpoints: [] }

export function linesOf(probe: Probe): readonly string[] {
  return [...probe.steps(UNREAD), ...ending(probe), ...(probe.undo ?? [])].flatMap(commandsOf)
}

/** Every command that a run may send, by probe, as it is printed before anything is sent. */
export function kitLines(probes: readonly Probe[]): string {
  const blocks = probes.map((probe) => {
    const made = probe.makes === undefined ? [] : ['delete checkpoint:<each that this probe has made>']
    return [`${probe.id}: ${probe.title}`, ...[...linesOf(probe), ...made].map((line) => `  ${line}`)]
  })
  const read = [...BENCH_STEPS, FREE_STEP].flatMap(commandsOf)
  return [
    `Before the first probe, and behind each: ${[...new Set(read)].join(', ')}`,
    `Before the first probe: ${commandsOf(BACK_UP).join(', ')}; behind the last, where the switch is as before: ${commandsOf(FORGET).join(', ')}`,
    ...blocks.flat(),
    `Where the switch differs, the run stops and ${BACKUP} stays.`,
  ].join('\n')
}

const commandsOf = ({ commands, beside = [], format, login }: KitStep) => {
  const all = [commands, ...beside].flat()
  const lines = all.flatMap(({ cmd, input }) => (input === undefined ? cmd : [cmd, ...input.split('\n'), 'EOF']))
  const how = format === 'completions' ? ' (its completions are asked, and it is not sent)' : LOGINS[login ?? 'own']
  return lines.map((line) => `${line === '' ? 'any command' : line.trimEnd()}${how}`)
}

const LOGINS: Readonly<Record<KitLogin | 'own', string>> = {
  own: '',
  'wrong-password': ' (with a wrong password, once)',
  'user-of-the-kit': ` (as the user ${KIT})`,
}
