import type { Command } from '../../../model/command.ts'
import { EosflowError } from '../../../model/error.ts'
import { type AskFence, whateverItsAge } from '../../../model/fence.ts'
import type { Json } from '../../../model/json.ts'
import type {
  ConfigReading,
  Device,
  Look,
  Replay,
  Reply,
  ShowText,
  StageRequest,
  StageResult,
} from '../../device/device.ts'
import type { RawAnswer, RawRequest } from '../../device/raw-exchange.ts'
import { readSessionTable, type SessionTable } from '../../device/session-table.ts'
import { announcement } from '../session/announcement.ts'
import { bootScript } from '../session/boot-script.ts'
import { deleteCheckpoint } from '../session/checkpoints.ts'
import { COPY_COMPLAINT, PERCENT } from '../session/complaint.ts'
import type { DeviceEntry } from '../session/entry.ts'
import { onDevice } from '../session/on-device.ts'
import { readVersion } from '../session/read-version.ts'
import { refusal } from '../session/refusal.ts'
import { readReplay, replayCommands } from '../session/replay.ts'
import { nameWord, timerWord } from '../session/session-words.ts'
import type { EapiChannel } from './channel.ts'
import { type CommandAnswer, linesOf, modelOf, textOf } from './json-rpc.ts'
import { EapiRequests, READS, type SendOptions } from './requests.ts'
import { configReading, readStaged, SHOW_DIFFS, SHOW_RUNNING, stagingOf } from './staging.ts'

export interface EapiEntry extends DeviceEntry {
  readonly fence: AskFence
}

/** A switch over eAPI. Every verb is one request; each request enters privileged mode afresh (docs/eos.md 1.5). */
export function eapiDevice(channel: EapiChannel, options: EapiEntry): Device {
  return new EapiDevice(options, new EapiRequests(channel, options), { fence: options.fence })
}

type Writing = SendOptions & { readonly fence: AskFence }

const SHOW_VERSION: Command = { cmd: 'show version', revision: 1 }
// Without a revision, as NAPALM asks it: from 4.32 on the latest tells more than the first (napalm issue 2166).
const SHOW_SESSIONS: Command = { cmd: 'show configuration sessions detail' }

class EapiDevice implements Device {
  readonly name: string
  readonly #requests: EapiRequests
  readonly #announce: readonly Command[]
  readonly #entry: Pick<EapiEntry, 'name' | 'announce'>
  readonly #writes: Writing

  constructor(entry: Pick<EapiEntry, 'name' | 'announce'>, requests: EapiRequests, writes: Writing) {
    this.name = entry.name
    this.#requests = requests
    this.#announce = entry.announce === undefined ? [] : [announcement(entry.announce)]
    this.#entry = entry
    this.#writes = writes
  }

  heldBy(session: string): Device {
    return new EapiDevice(this.#entry, this.#requests, { ...this.#writes, held: nameWord(session) })
  }

  async hold(session: string): Promise<void> {
    const open = { cmd: `configure session ${nameWord(session)}` }
    const [opened] = await this.#requests.run('text', [open, { cmd: 'end' }], this.#writes)
    this.#refuseComplaint(open, opened, PERCENT)
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

  async print(commands: readonly string[]): Promise<readonly ShowText[]> {
    const answers = await this.#requests.askEach(
      'text',
      commands.map((cmd) => ({ cmd })),
    )
    return answers.map(
      (answer): ShowText =>
        answer.ok ? { ok: true, text: textOf(answer.result) } : { ok: false, error: answer.errors.join('; ') },
    )
  }

  async readConfig(): Promise<ConfigReading> {
    const { results, beside } = await this.#requests.runBeside('text', [SHOW_RUNNING], [SHOW_DIFFS], READS)
    return configReading(results[0], beside[0])
  }

  async stage(request: StageRequest): Promise<StageResult> {
    const staging = stagingOf(request, this.#announce)
    const shown = await this.#requests.runBeside('text', staging.commands, staging.beside, {
      ...this.#writes,
      change: staging.change,
    })
    const { staged, done } = readStaged(request, staging, shown, this.#requests.secrets)
    this.#refuseComplaint(staging.last, done, PERCENT)
    return staged
  }

  async replay(session: string, checkpoint: string): Promise<Replay> {
    const { commands, copy, diff } = replayCommands(session, checkpoint)
    const { results, failure } = await this.#requests.ask('text', commands, this.#writes)
    if (failure === undefined) return readReplay(linesOf(results[copy]), textOf(results[diff]), this.#requests.secrets)
    if (failure.index === copy) return readReplay(failure.errors, undefined, this.#requests.secrets)
    const command = this.#requests.sentAt(failure.index, commands)
    throw refusal({ device: this.name, command, errors: failure.errors, secrets: this.#requests.secrets })
  }

  async arm(session: string, seconds: number, under?: 'lock'): Promise<string> {
    return this.#overwrite(
      `configure session ${nameWord(session)} commit timer ${timerWord(seconds)}`,
      this.#writes,
      under,
    )
  }

  async confirm(session: string): Promise<SessionTable> {
    const commit = { cmd: `configure session ${nameWord(session)} commit` }
    const writes = { ...this.#writes, fence: whateverItsAge(this.#writes.fence) }
    if (writes.held !== undefined) return this.#confirmHeld(commit, writes)
    const sent = [SHOW_VERSION, commit, SHOW_SESSIONS]
    const [version, committed, sessions] = await this.#requests.run('json', sent, writes)
    this.#refuseComplaint(commit, committed, PERCENT)
    return this.#table(version, sessions)
  }

  async #confirmHeld(commit: Command, writes: Writing): Promise<SessionTable> {
    const [committed] = await this.#requests.run('text', [commit], writes)
    this.#refuseComplaint(commit, committed, PERCENT)
    try {
      const [version, sessions] = await this.#requests.run('json', [SHOW_VERSION, SHOW_SESSIONS], READS)
      return this.#table(version, sessions)
    } catch (thrown) {
      if (!(thrown instanceof EosflowError)) throw thrown
      const message = `${this.name}: confirmed, and its sessions could not be read: ${thrown.message}`
      throw new EosflowError('lost-answer', message, { device: this.name, cause: thrown })
    }
  }

  #table(version: Json | undefined, sessions: Json | undefined): SessionTable {
    const { time } = this.#named(() => readVersion(modelOf(version)))
    return readSessionTable(modelOf(sessions), time)
  }

  async abort(session: string): Promise<string> {
    return this.#overwrite(`configure session ${nameWord(session)} abort`, READS)
  }

  async save(): Promise<ConfigReading> {
    const copy = { cmd: 'copy running-config startup-config' }
    const { results, beside } = await this.#requests.runBeside('text', [copy, SHOW_RUNNING], [SHOW_DIFFS], {
      ...this.#writes,
    })
    this.#refuseComplaint(copy, results[0], COPY_COMPLAINT)
    return configReading(results[1], beside[0])
  }

  async restore(checkpoint: string): Promise<string> {
    return this.#overwrite(`configure replace checkpoint:${nameWord(checkpoint)} skip-checkpoint`, this.#writes)
  }

  async boot(lines: readonly string[]): Promise<string> {
    const sending = lines.length === 0 ? READS : this.#writes
    return textOf((await this.#requests.run('text', bootScript(lines), sending)).at(-1))
  }

  async removeCheckpoints(checkpoints: readonly string[]): Promise<void> {
    const commands = checkpoints.map(deleteCheckpoint)
    const results = await this.#requests.run('text', commands, this.#writes)
    for (const [at, command] of commands.entries()) this.#refuseComplaint(command, results[at], COPY_COMPLAINT)
  }

  async exchange(request: RawRequest): Promise<RawAnswer> {
    if (this.#writes.held !== undefined) throw new EosflowError('bug', 'an exchange shows no owner session')
    return this.#requests.exchange(request, this.#writes.fence)
  }

  async close(): Promise<void> {
    this.#requests.close()
  }

  async #overwrite(cmd: string, sending: SendOptions, under?: 'lock'): Promise<string> {
    const sent = [SHOW_RUNNING, { cmd }]
    const [running, written] = await (under === 'lock'
      ? this.#requests.runLocked(sent, sending)
      : this.#requests.run('text', sent, sending))
    this.#refuseComplaint({ cmd }, written, PERCENT)
    return textOf(running)
  }

  // `copy` and its like report trouble inside the messages of a successful result (docs/eos.md 1.3).
  #refuseComplaint(command: Command, result: Json | undefined, complaint: RegExp): void {
    const [first, ...rest] = linesOf(result).filter((line) => complaint.test(line))
    if (first === undefined) return
    throw refusal({ device: this.name, command, errors: [first, ...rest], secrets: this.#requests.secrets })
  }

  // Throws `refused`.
  #fact(command: Command, answer: CommandAnswer | undefined): Json {
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

function inTurn(
  commands: readonly Command[],
  models: readonly CommandAnswer[],
  texts: readonly CommandAnswer[],
): readonly Reply[] {
  const printed = texts.map((answer) => replyOf(answer, textOf)).values()
  const modelled = models.map((answer) => replyOf(answer, modelOf)).values()
  return commands.map(({ cmd, format }): Reply => {
    const { value } = (format === 'text' ? printed : modelled).next()
    return value ?? { ok: false, error: `\`${cmd}\` was not answered` }
  })
}

function replyOf(answer: CommandAnswer, read: (result: Json) => Json): Reply {
  return answer.ok ? { ok: true, json: read(answer.result) } : { ok: false, error: answer.errors.join('; ') }
}
