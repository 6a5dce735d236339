import type { ConfigReading, Device, Look, Printed, Replay, Staged, StageRequest } from '../../device/device.ts'
import { readSessionTable, type SessionTable } from '../../device/session-table.ts'
import type { Command } from '../../model/command.ts'
import { type AskFence, whateverItsAge } from '../../model/fence.ts'
import type { Json } from '../../model/json.ts'
import { announcement } from '../announcement.ts'
import { bootScript } from '../boot-script.ts'
import { deleteCheckpoint } from '../checkpoints.ts'
import { COPY_COMPLAINT, PERCENT } from '../complaint.ts'
import type { DeviceEntry } from '../entry.ts'
import { onDevice } from '../on-device.ts'
import { readVersion } from '../read-version.ts'
import { refusal } from '../refusal.ts'
import { readReplay, replayCommands } from '../replay.ts'
import { nameWord, timerWord } from '../session-words.ts'
import type { EapiChannel } from './channel.ts'
import { type Answered, linesOf, modelOf, textOf } from './json-rpc.ts'
import { inTurn } from './replies.ts'
import { EapiRequests, type Sending } from './requests.ts'
import { configReading, readStaged, SHOW_DIFFS, SHOW_RUNNING, stagingOf } from './staging.ts'

/** How a switch is entered, and the fence of what writes to it. */
export interface EapiEntry extends DeviceEntry {
  readonly fence: AskFence
}

/** A switch over eAPI. Every verb is one request; each request enters privileged mode afresh (docs/eos.md 1.5). */
export function eapiDevice(channel: EapiChannel, options: EapiEntry): Device {
  return new EapiDevice(channel, options)
}

const SHOW_VERSION: Command = { cmd: 'show version', revision: 1 }
/** Without a revision, as NAPALM asks it: from 4.32 on the latest tells more than the first (napalm issue 2166). */
const SHOW_SESSIONS: Command = { cmd: 'show configuration sessions detail' }

class EapiDevice implements Device {
  readonly name: string
  readonly #requests: EapiRequests
  readonly #announce: readonly Command[]
  readonly #fence: AskFence

  constructor(channel: EapiChannel, entry: EapiEntry) {
    this.name = entry.name
    this.#requests = new EapiRequests(channel, entry)
    this.#announce = entry.announce === undefined ? [] : [announcement(entry.announce)]
    this.#fence = entry.fence
  }

  async look(commands: readonly Command[]): Promise<Look> {
    const printed = commands.filter(({ format }) => format === 'text')
    const modelled = commands.filter(({ format }) => format !== 'text')
    const [version, sessions, ...models] = await this.#requests.askEach('json', [
      SHOW_VERSION,
      SHOW_SESSIONS,
      ...modelled,
    ])
    const { identity, time } = this.#named(() => readVersion(this.#fact(SHOW_VERSION, version)))
    const table = readSessionTable(this.#fact(SHOW_SESSIONS, sessions), time)
    const replies = inTurn(commands, models, await this.#requests.askEach('text', printed))
    return { identity, uptime: Math.floor(time.uptime), epoch: time.epoch, sessions: table, replies }
  }

  async print(commands: readonly string[]): Promise<readonly Printed[]> {
    const answers = await this.#requests.askEach(
      'text',
      commands.map((cmd) => ({ cmd })),
    )
    return answers.map(
      (answer): Printed =>
        answer.ok ? { ok: true, text: textOf(answer.result) } : { ok: false, error: answer.errors.join('; ') },
    )
  }

  async readConfig(): Promise<ConfigReading> {
    const { results, beside } = await this.#requests.runBeside('text', [SHOW_RUNNING], [SHOW_DIFFS], READS)
    return configReading(results[0], beside[0])
  }

  async stage(request: StageRequest): Promise<Staged> {
    const staging = stagingOf(request, this.#announce)
    const shown = await this.#requests.runBeside('text', staging.commands, staging.beside, {
      fence: this.#fence,
      change: staging.change,
    })
    const { staged, done } = readStaged(request, staging, shown, this.#requests.secrets)
    this.#refuseComplaint(staging.last, done, PERCENT)
    return staged
  }

  async replay(session: string, checkpoint: string): Promise<Replay> {
    const { commands, copy, diff } = replayCommands(session, checkpoint)
    const { results, failure } = await this.#requests.ask('text', commands, this.#fence)
    if (failure === undefined) return readReplay(linesOf(results[copy]), textOf(results[diff]), this.#requests.secrets)
    if (failure.index === copy) return readReplay(failure.errors, undefined, this.#requests.secrets)
    const command = this.#requests.sentAt(failure.index, commands)
    throw refusal({ device: this.name, command, errors: failure.errors, secrets: this.#requests.secrets })
  }

  async arm(session: string, seconds: number, under?: 'lock'): Promise<string> {
    const commit = { cmd: `configure session ${nameWord(session)} commit timer ${timerWord(seconds)}` }
    const [running, committed] = await (under === 'lock'
      ? this.#requests.runLocked([SHOW_RUNNING, commit], this.#fence)
      : this.#requests.run('text', [SHOW_RUNNING, commit], this.#fence))
    this.#refuseComplaint(commit, committed, PERCENT)
    return textOf(running)
  }

  async confirm(session: string): Promise<SessionTable> {
    const commit = `configure session ${nameWord(session)} commit`
    const sent = [SHOW_VERSION, { cmd: commit }, SHOW_SESSIONS]
    const [version, committed, sessions] = await this.#requests.run('json', sent, whateverItsAge(this.#fence))
    this.#refuseComplaint({ cmd: commit }, committed, PERCENT)
    const { time } = this.#named(() => readVersion(modelOf(version)))
    return readSessionTable(modelOf(sessions), time)
  }

  async abort(session: string): Promise<void> {
    await this.#act(`configure session ${nameWord(session)} abort`, undefined)
  }

  async save(): Promise<ConfigReading> {
    const copy = { cmd: 'copy running-config startup-config' }
    const { results, beside } = await this.#requests.runBeside('text', [copy, SHOW_RUNNING], [SHOW_DIFFS], {
      fence: this.#fence,
    })
    this.#refuseComplaint(copy, results[0], COPY_COMPLAINT)
    return configReading(results[1], beside[0])
  }

  async restore(checkpoint: string): Promise<void> {
    await this.#act(`configure replace checkpoint:${nameWord(checkpoint)} skip-checkpoint`, this.#fence)
  }

  async boot(lines: readonly string[]): Promise<string> {
    const fence = lines.length === 0 ? undefined : this.#fence
    return textOf((await this.#requests.run('text', bootScript(lines), fence)).at(-1))
  }

  async removeCheckpoints(checkpoints: readonly string[]): Promise<void> {
    const commands = checkpoints.map(deleteCheckpoint)
    const results = await this.#requests.run('text', commands, this.#fence)
    for (const [at, command] of commands.entries()) this.#refuseComplaint(command, results[at], COPY_COMPLAINT)
  }

  async close(): Promise<void> {
    this.#requests.close()
  }

  async #act(cmd: string, fence: AskFence | undefined): Promise<void> {
    const [result] = await this.#requests.run('json', [{ cmd }], fence)
    this.#refuseComplaint({ cmd }, result, PERCENT)
  }

  /** `copy` and its like report trouble inside the messages of a successful result (docs/eos.md 1.3). */
  #refuseComplaint(command: Command, result: Json | undefined, complaint: RegExp): void {
    const [first, ...rest] = linesOf(result).filter((line) => complaint.test(line))
    if (first === undefined) return
    throw refusal({ device: this.name, command, errors: [first, ...rest], secrets: this.#requests.secrets })
  }

  /** What a look cannot do without. Throws `refused`. */
  #fact(command: Command, answer: Answered | undefined): Json {
    if (answer?.ok === true) return modelOf(answer.result)
    const errors = answer?.errors ?? (['it was not answered'] as const)
    throw refusal({ device: this.name, command, errors, secrets: this.#requests.secrets })
  }

  #named<T>(read: () => T): T {
    try {
      return read()
    } catch (thrown) {
      throw onDevice(thrown, this.name)
    }
  }
}

const READS: Sending = { fence: undefined }
