import type { Device } from '../../../eos/device/device.ts'
import type { RawAnswer, RawRequest } from '../../../eos/device/raw-exchange.ts'
import type { Clock } from '../../../model/clock.ts'
import type { Command } from '../../../model/command.ts'
import { EosflowError } from '../../../model/error.ts'
import type { TransportKind } from '../../../model/transport-kind.ts'
import { BACKUP, BENCH_STEPS, type Bench, benchOf, FREE_STEP, remains } from './bench.ts'
import type { KitStart, ProbeResult, SkippedStep } from './contract/finding.ts'
import { type KitLogin, type KitStep, type Probe, typed } from './contract/probe.ts'
import { ProbeAnswers, type SeenFailure, timeIn } from './contract/seen.ts'
import { type RecordedLine, withoutSecrets } from './recording.ts'

/** A connection for one request. */
export type KitConnection = Pick<Device, 'exchange' | 'close'>

/** What a run of the kit reaches the world through. */
export interface KitPorts {
  readonly name: string
  readonly over: TransportKind
  /** The switch over its open connection, or over a new one. */
  readonly device: () => Promise<Pick<Device, 'exchange'>>
  readonly renew: () => Promise<Pick<Device, 'exchange'>>
  /** A new connection beside the open one. */
  readonly beside: () => Promise<KitConnection>
  /** A new connection of somebody else; absent where there is no password that could be another one. */
  readonly login?: (who: KitLogin) => Promise<KitConnection>
  /** The password of the user that the kit makes. */
  readonly password: string
  readonly clock: Clock
  /** Takes each line of the recording, in turn. */
  readonly record: (line: RecordedLine) => void
  /** Takes what is known of secrets out of a text. */
  readonly scrub: (text: string) => string
  /** Puts on record that a probe begins, before anything of it is sent, and how it has left the switch. */
  readonly begins: (probe: Probe, start: KitStart) => Promise<void>
  readonly ended: (probe: Probe, remains: readonly string[] | undefined) => Promise<void>
  /** Whether a person wants it to stop: it stops behind the probe that is tried. */
  readonly stops: () => boolean
}

/** Keeps running-config on flash. */
export const BACK_UP: KitStep = { name: 'back-up', format: 'text', commands: typed(`copy running-config ${BACKUP}`) }
/** Deletes the copy on flash. */
export const FORGET: KitStep = { name: 'forget', format: 'text', commands: typed(`delete ${BACKUP}`) }

/** A rollback may still be finishing: so often it is looked again, so many milliseconds apart. */
const LOOKS = { times: 5, milliseconds: 3000 }
const NO_LOGIN = 'it is tried where a password logs in'
/** Between two questions to a switch that boots. */
const BOOTING = 10_000

/** Speaks with one switch, and records what was said. */
export class KitConversation {
  readonly #ports: KitPorts
  readonly #began: number
  /** When the switch last told its time, and which. */
  #time: { readonly at: number; readonly uptime: number; readonly epoch: number } | undefined
  #probe = 'start'
  readonly #waiting: RecordedLine[] = []
  #hasHead = false

  constructor(ports: KitPorts) {
    this.#ports = ports
    this.#began = ports.clock.monotonic()
  }

  /** Reads what is compared; undefined where the switch does not show it. */
  async read(): Promise<Bench | undefined> {
    const [texts, list] = BENCH_STEPS
    return benchOf(await this.#exchange(texts, false), await this.#exchange(list, false))
  }

  /** The answer to {@link FREE_STEP}. */
  free(): Promise<RawAnswer> {
    return this.#exchange(FREE_STEP, false)
  }

  /** Keeps running-config on the flash of the switch. False where it does not. */
  async backUp(): Promise<boolean> {
    const [outcome] = (await this.#exchange(BACK_UP, false)).outcomes
    return outcome?.ok === true
  }

  /** Deletes the copy where the switch is as it was. Gives what is left then. */
  async forgetBackUp(): Promise<readonly string[]> {
    this.#probe = 'end'
    const answer = await this.#exchange(FORGET, false).catch((thrown: unknown) => {
      failureOf(thrown)
      return undefined
    })
    return answer?.outcomes[0]?.ok === true ? [] : [`${BACKUP} (delete ${BACKUP})`]
  }

  /** Writes the first line, and what was read before it. */
  writeHead({ eos, model }: Bench, { image, checkpoints, isTyped }: KitStart): void {
    const { name, over, clock, record } = this.#ports
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
      ...(image === undefined ? {} : { image }),
    })
    this.#hasHead = true
    for (const line of this.#waiting) record(line)
  }

  /** Sends the steps of a probe and takes back what they made. */
  async tried(probe: Probe, start: KitStart): Promise<ProbeResult> {
    this.#probe = probe.id
    const seen = new ProbeAnswers(start)
    const skipped: SkippedStep[] = []
    let failure: string | undefined
    try {
      for (const step of probe.steps(start)) await this.#step(step, seen, skipped)
    } catch (thrown) {
      failure = failureOf(thrown).message
    }
    for (const step of [...ending(probe), ...(probe.undo ?? [])]) {
      await this.#step({ ...step, anew: true }, seen, []).catch(failureOf)
    }
    await this.#deleteMade(probe, start)
    return {
      probe: probe.id,
      findings: probe.judge(seen),
      skipped,
      ...(failure === undefined ? {} : { failure }),
    }
  }

  /** How the switch differs from before, once it has come to rest; undefined where it cannot be read. */
  async leftBehind(before: Bench, probe: Probe): Promise<readonly string[] | undefined> {
    let left: readonly string[] | undefined
    for (let look = 0; look < LOOKS.times; look += 1) {
      if (look > 0) await this.#ports.clock.sleep(LOOKS.milliseconds)
      const now = await this.read().catch((thrown: unknown) => {
        failureOf(thrown)
        return undefined
      })
      left = now === undefined ? undefined : remains(before, now, probe.disruptive === true)
      if (left?.length === 0) return left
      await this.#ports.renew().catch(failureOf)
    }
    return left
  }

  async #step(step: KitStep, seen: ProbeAnswers, skipped: SkippedStep[]): Promise<void> {
    const { clock } = this.#ports
    const why = step.login !== undefined && this.#ports.login === undefined ? NO_LOGIN : step.unless?.(seen)
    if (why !== undefined) {
      skipped.push({ step: step.name, why, ...(step.settles === undefined ? {} : { settles: step.settles }) })
      this.#note({ kind: 'step', probe: this.#probe, step: step.name, at: this.#now(), milliseconds: 0, skipped: why })
      return
    }
    if (step.wait !== undefined) await clock.sleep(step.wait * 1000)
    const { times, milliseconds } = step.again ?? { times: 1, milliseconds: 0 }
    for (let time = 0; time < times; time += 1) {
      if (time > 0) await clock.sleep(milliseconds)
      await (step.beside === undefined ? this.#once(step, seen) : this.#together(step, step.beside, seen))
    }
  }

  /** Requests at one time; one that fails is no reason to give the others up. */
  async #together(step: KitStep, beside: readonly (readonly Command[])[], seen: ProbeAnswers): Promise<void> {
    const requests = [step.commands, ...beside].map((commands, at) => {
      const name = at === 0 ? step.name : `${step.name}-${at + 1}`
      return { name, format: step.format, commands, mayFail: true } as const
    })
    await Promise.all(requests.map((request) => this.#once(request, seen, this.#ports.beside)))
  }

  /** One request; one that may fail needs no answer, and one with patience is sent until there is one. */
  async #once(step: KitStep, seen: ProbeAnswers, open?: () => Promise<KitConnection>): Promise<void> {
    const { clock } = this.#ports
    const until = clock.monotonic() + (step.patience ?? 0) * 1000
    for (;;) {
      const at = this.#now()
      try {
        const { outcomes, prompts } = await this.#exchange(step, step.anew === true, open)
        const milliseconds = this.#now() - at
        seen.add(step.name, { at, milliseconds, outcomes, ...(prompts === undefined ? {} : { prompts }) })
        return
      } catch (thrown) {
        seen.failed(step.name, this.#told(failureOf(thrown)))
        if (step.mayFail === true) return
        if (clock.monotonic() >= until) throw thrown
        await clock.sleep(BOOTING)
      }
    }
  }

  /** `open` gives a connection for this request alone. */
  async #exchange(step: KitStep, anew: boolean, open = this.#loginOf(step)): Promise<RawAnswer> {
    const { device, renew, scrub } = this.#ports
    const at = this.#now()
    const base = { kind: 'step', probe: this.#probe, step: step.name, at } as const
    try {
      const { commands, format, refusals = 'stop' } = step
      const request: RawRequest = { commands, format, refusals }
      const answer = await (open === undefined
        ? (await (anew ? renew() : device())).exchange(request)
        : exchangedOver(await open(), request))
      this.#heardTime(step, answer, at)
      const time = this.#time
      const since = time === undefined ? 0 : (at - time.at) / 1000
      this.#note({
        ...base,
        milliseconds: this.#now() - at,
        ...(time === undefined ? {} : { uptime: time.uptime + since, epoch: time.epoch + since }),
        ...(answer.prompts === undefined ? { status: 200 as const } : {}),
        ...withoutSecrets(answer, scrub),
      })
      return answer
    } catch (thrown) {
      this.#note({ ...base, milliseconds: this.#now() - at, failure: this.#told(failureOf(thrown)) })
      throw thrown
    }
  }

  #loginOf({ login }: KitStep): (() => Promise<KitConnection>) | undefined {
    const open = this.#ports.login
    return login === undefined || open === undefined ? undefined : () => open(login)
  }

  #told({ kind, message, cause }: EosflowError): SeenFailure {
    const { scrub } = this.#ports
    return { error: kind, message: scrub(message), ...(typeof cause === 'string' ? { says: scrub(cause) } : {}) }
  }

  #heardTime({ commands, format }: KitStep, { outcomes }: RawAnswer, at: number): void {
    const [outcome] = outcomes
    if (format !== 'json' || commands[0]?.cmd !== 'show version' || outcome?.ok !== true) return
    const time = timeIn(outcome.result)
    if (time !== undefined) this.#time = { at, ...time }
  }

  /** Deletes the checkpoints that were not there before and that only this probe can have made. */
  async #deleteMade({ makes }: Probe, { checkpoints }: KitStart): Promise<void> {
    if (makes === undefined) return
    try {
      const made = (await this.read())?.checkpoints.filter((name) => makes.test(name) && !checkpoints.includes(name))
      if (made === undefined || made.length === 0) return
      const commands = typed(...made.map((name) => `delete checkpoint:${name}`))
      await this.#exchange({ name: 'delete-made', format: 'text', commands, refusals: 'go-on' }, false)
    } catch (thrown) {
      failureOf(thrown)
    }
  }

  /** The head is known only when the switch was read: what was heard before waits for it. */
  #note(line: RecordedLine): void {
    if (this.#hasHead) this.#ports.record(line)
    else this.#waiting.push(line)
  }

  #now(): number {
    return Math.round(this.#ports.clock.monotonic() - this.#began)
  }
}

/** The step that ends and removes the sessions of a probe. */
export const END_SESSIONS = 'end-sessions'

/** Ends and removes the sessions of a probe, whatever became of them. */
export function ending({ sessions }: Probe): readonly KitStep[] {
  if (sessions.length === 0) return []
  const commands = sessions.flatMap((name) => [`configure session ${name} abort`, `no configure session ${name}`])
  return [{ name: END_SESSIONS, format: 'text', commands: typed(...commands), refusals: 'go-on' }]
}

async function exchangedOver(connection: KitConnection, request: RawRequest): Promise<RawAnswer> {
  try {
    return await connection.exchange(request)
  } finally {
    await connection.close()
  }
}

/** A failure of the way to the switch, or of the switch. Anything else is thrown. */
function failureOf(thrown: unknown): EosflowError {
  if (!(thrown instanceof EosflowError) || thrown.kind === 'store' || thrown.kind === 'bug') throw thrown
  return thrown
}
