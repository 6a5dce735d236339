import type { Device, RawAnswer, RawRequest } from '../../../eos/device/device.ts'
import type { Clock } from '../../../model/clock.ts'
import type { Command } from '../../../model/command.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import type { TransportKind } from '../../../model/transport-kind.ts'
import { BACKUP, BENCH_STEPS, type Bench, benchOf, FREE_STEP, remains } from './bench.ts'
import type { KitStart, ProbeResult, SkippedStep } from './contract/finding.ts'
import { type KitLogin, type KitStep, type Probe, typed } from './contract/probe.ts'
import { ProbeAnswers, type SeenFailure, timeIn } from './contract/seen.ts'
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

export const BACK_UP: KitStep = { name: 'back-up', format: 'text', commands: typed(`copy running-config ${BACKUP}`) }
export const FORGET: KitStep = { name: 'forget', format: 'text', commands: typed(`delete ${BACKUP}`) }

// A rollback may still be finishing: so often it is looked again, so many milliseconds apart.
const LOOKS = { times: 5, milliseconds: 3000 }
const NO_LOGIN = 'it is tried where a password logs in'
const BOOTING = 10_000

export class KitConversation {
  readonly #ports: KitPorts
  readonly #began: number
  #time: { readonly at: number; readonly uptime: number; readonly epoch: number } | undefined
  #probe = 'start'
  readonly #waiting: RecordedLine[] = []
  #hasHead = false

  constructor(ports: KitPorts) {
    this.#ports = ports
    this.#began = ports.clock.monotonic()
  }

  async read(): Promise<Bench | undefined> {
    const [texts, list] = BENCH_STEPS
    return benchOf(await this.#exchange(texts, false), await this.#exchange(list, false))
  }

  free(): Promise<RawAnswer> {
    return this.#exchange(FREE_STEP, false)
  }

  async backUp(): Promise<boolean> {
    const [outcome] = (await this.#exchange(BACK_UP, false)).outcomes
    return outcome?.ok === true
  }

  async forgetBackUp(): Promise<readonly string[]> {
    this.#probe = 'end'
    const answer = await this.#exchange(FORGET, false).catch((thrown: unknown) => {
      failureOf(thrown)
      return undefined
    })
    return answer?.outcomes[0]?.ok === true ? [] : [`${BACKUP} (delete ${BACKUP})`]
  }

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
      ...definedMembers({ image }),
    })
    this.#hasHead = true
    for (const line of this.#waiting) record(line)
  }

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
      ...definedMembers({ failure }),
    }
  }

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
      skipped.push({ step: step.name, why, ...definedMembers({ settles: step.settles }) })
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

  async #together(step: KitStep, beside: readonly (readonly Command[])[], seen: ProbeAnswers): Promise<void> {
    const requests = [step.commands, ...beside].map((commands, at) => {
      const name = at === 0 ? step.name : `${step.name}-${at + 1}`
      return { name, format: step.format, commands, mayFail: true } as const
    })
    await Promise.all(requests.map((request) => this.#once(request, seen, this.#ports.beside)))
  }

  async #once(step: KitStep, seen: ProbeAnswers, open?: () => Promise<KitConnection>): Promise<void> {
    const { clock } = this.#ports
    const until = clock.monotonic() + (step.patience ?? 0) * 1000
    for (;;) {
      const at = this.#now()
      try {
        const { outcomes, prompts } = await this.#exchange(step, step.anew === true, open)
        const milliseconds = this.#now() - at
        seen.add(step.name, { at, milliseconds, outcomes, ...definedMembers({ prompts }) })
        return
      } catch (thrown) {
        seen.failed(step.name, this.#told(failureOf(thrown)))
        if (step.mayFail === true) return
        if (clock.monotonic() >= until) throw thrown
        await clock.sleep(BOOTING)
      }
    }
  }

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

  #note(line: RecordedLine): void {
    if (this.#hasHead) this.#ports.record(line)
    else this.#waiting.push(line)
  }

  #now(): number {
    return Math.round(this.#ports.clock.monotonic() - this.#began)
  }
}

export const END_SESSIONS = 'end-sessions'

export function ending({ sessions }: Probe): readonly KitStep[] {
  if (sessions.length === 0) return []
  const commands = sessions.flatMap((name) => [`configure session ${name} abort`, `no configure session ${name}`])
  return [{ name: END_SESSIONS, format: 'text', commands: typed(...commands), refusals: 'go-on' }]
}

async function exchangedOver(connection: KitConnection, request: RawRequest) {
  try {
    return await connection.exchange(request)
  } finally {
    await connection.close()
  }
}

function failureOf(thrown: unknown) {
  if (!(thrown instanceof EosflowError) || thrown.kind === 'store' || thrown.kind === 'bug') throw thrown
  return thrown
}
