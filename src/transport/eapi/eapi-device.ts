import type { ConfigReading, Device, Look, Printed, Replay, Staged, StageRequest } from '../../device/device.ts'
import { readSessionTable, type SessionTable } from '../../device/session-table.ts'
import type { Command } from '../../model/command.ts'
import { EosflowError } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import { announcement } from '../announcement.ts'
import { bootScript } from '../boot-script.ts'
import { deleteCheckpoint } from '../checkpoints.ts'
import { COPY_COMPLAINT, PERCENT } from '../complaint.ts'
import { CONFIGURE_LOCK, CONFIGURE_UNLOCK, lockedOut } from '../configure-lock.ts'
import type { DeviceEntry } from '../entry.ts'
import { onDevice } from '../on-device.ts'
import { readVersion } from '../read-version.ts'
import { refusal } from '../refusal.ts'
import { readReplay, replayCommands } from '../replay.ts'
import { nameWord, timerWord } from '../session-words.ts'
import type { EapiChannel } from './channel.ts'
import {
  type Answer,
  type Answered,
  type Format,
  isUnknownRefusals,
  linesOf,
  modelOf,
  type Refusals,
  readAnswer,
  readEachAnswer,
  requestBody,
  textOf,
} from './json-rpc.ts'
import { inTurn } from './replies.ts'
import { configReading, readStaged, SHOW_DIFFS, SHOW_RUNNING, type Shown, shownOf, stagingOf } from './staging.ts'

/** A switch over eAPI. Every verb is one request; each request enters privileged mode afresh (docs/eos.md 1.5). */
export function eapiDevice(channel: EapiChannel, options: DeviceEntry): Device {
  return new EapiDevice(channel, options)
}

const SHOW_VERSION: Command = { cmd: 'show version', revision: 1 }
/** Without a revision, as NAPALM asks it: from 4.32 on the latest tells more than the first (napalm issue 2166). */
const SHOW_SESSIONS: Command = { cmd: 'show configuration sessions detail' }
const LOCK: Command = { cmd: CONFIGURE_LOCK }
const UNLOCK: Command = { cmd: CONFIGURE_UNLOCK }

class EapiDevice implements Device {
  readonly name: string
  readonly #channel: EapiChannel
  readonly #enter: readonly Command[]
  readonly #announce: readonly Command[]
  readonly #secrets: readonly string[]
  #requests = 0
  #refusals: Refusals = 'go-on'

  constructor(channel: EapiChannel, { name, enable, sendEnable = true, announce, secrets = [] }: DeviceEntry) {
    const input = enable?.reveal()
    this.name = name
    this.#channel = channel
    this.#enter = sendEnable ? [{ cmd: 'enable', ...(input === undefined ? {} : { input }) }] : []
    this.#announce = announce === undefined ? [] : [announcement(announce)]
    this.#secrets = input === undefined ? secrets : [...secrets, input]
  }

  async look(commands: readonly Command[]): Promise<Look> {
    const printed = commands.filter(({ format }) => format === 'text')
    const modelled = commands.filter(({ format }) => format !== 'text')
    const [version, sessions, ...models] = await this.#askEach('json', [SHOW_VERSION, SHOW_SESSIONS, ...modelled])
    const { identity, time } = this.#named(() => readVersion(this.#fact(SHOW_VERSION, version)))
    const table = readSessionTable(this.#fact(SHOW_SESSIONS, sessions), time)
    const replies = inTurn(commands, models, await this.#askEach('text', printed))
    return { identity, uptime: Math.floor(time.uptime), epoch: time.epoch, sessions: table, replies }
  }

  async print(commands: readonly string[]): Promise<readonly Printed[]> {
    const answers = await this.#askEach(
      'text',
      commands.map((cmd) => ({ cmd })),
    )
    return answers.map(
      (answer): Printed =>
        answer.ok ? { ok: true, text: textOf(answer.result) } : { ok: false, error: answer.errors.join('; ') },
    )
  }

  async readConfig(): Promise<ConfigReading> {
    const { results, beside } = await this.#runBeside('text', [SHOW_RUNNING], [SHOW_DIFFS])
    return configReading(results[0], beside[0])
  }

  async stage(request: StageRequest): Promise<Staged> {
    const staging = stagingOf(request, this.#announce)
    const shown = await this.#runBeside('text', staging.commands, staging.beside, staging.change)
    const { staged, done } = readStaged(request, staging, shown, this.#secrets)
    this.#refuseComplaint(staging.last, done, PERCENT)
    return staged
  }

  async replay(session: string, checkpoint: string): Promise<Replay> {
    const { commands, copy, diff } = replayCommands(session, checkpoint)
    const { results, failure } = await this.#ask('text', commands)
    if (failure === undefined) return readReplay(linesOf(results[copy]), textOf(results[diff]), this.#secrets)
    if (failure.index === copy) return readReplay(failure.errors, undefined, this.#secrets)
    const command = this.#sentAt(failure.index, commands)
    throw refusal({ device: this.name, command, errors: failure.errors, secrets: this.#secrets })
  }

  async arm(session: string, seconds: number, under?: 'lock'): Promise<string> {
    const commit = { cmd: `configure session ${nameWord(session)} commit timer ${timerWord(seconds)}` }
    const [running, committed] = await (under === 'lock'
      ? this.#runLocked([SHOW_RUNNING, commit])
      : this.#run('text', [SHOW_RUNNING, commit]))
    this.#refuseComplaint(commit, committed, PERCENT)
    return textOf(running)
  }

  async confirm(session: string): Promise<SessionTable> {
    const commit = `configure session ${nameWord(session)} commit`
    const [version, committed, sessions] = await this.#run('json', [SHOW_VERSION, { cmd: commit }, SHOW_SESSIONS])
    this.#refuseComplaint({ cmd: commit }, committed, PERCENT)
    const { time } = this.#named(() => readVersion(modelOf(version)))
    return readSessionTable(modelOf(sessions), time)
  }

  async abort(session: string): Promise<void> {
    await this.#act(`configure session ${nameWord(session)} abort`)
  }

  async save(): Promise<ConfigReading> {
    const copy = { cmd: 'copy running-config startup-config' }
    const { results, beside } = await this.#runBeside('text', [copy, SHOW_RUNNING], [SHOW_DIFFS])
    this.#refuseComplaint(copy, results[0], COPY_COMPLAINT)
    return configReading(results[1], beside[0])
  }

  async restore(checkpoint: string): Promise<void> {
    await this.#act(`configure replace checkpoint:${nameWord(checkpoint)} skip-checkpoint`)
  }

  async boot(lines: readonly string[]): Promise<string> {
    return textOf((await this.#run('text', bootScript(lines))).at(-1))
  }

  async removeCheckpoints(checkpoints: readonly string[]): Promise<void> {
    const commands = checkpoints.map(deleteCheckpoint)
    const results = await this.#run('text', commands)
    for (const [at, command] of commands.entries()) this.#refuseComplaint(command, results[at], COPY_COMPLAINT)
  }

  async close(): Promise<void> {
    this.#channel.close()
  }

  async #act(cmd: string): Promise<void> {
    const [result] = await this.#run('json', [{ cmd }])
    this.#refuseComplaint({ cmd }, result, PERCENT)
  }

  /** `copy` and its like report trouble inside the messages of a successful result (docs/eos.md 1.3). */
  #refuseComplaint(command: Command, result: Json | undefined, complaint: RegExp): void {
    const [first, ...rest] = linesOf(result).filter((line) => complaint.test(line))
    if (first === undefined) return
    throw refusal({ device: this.name, command, errors: [first, ...rest], secrets: this.#secrets })
  }

  /**
   * As {@link EapiDevice.#run}, with everybody else kept out of config modes meanwhile. Throws `busy` when somebody else keeps us out. The
   * lock ends with the request whose CLI took it, so that the answer to giving it back decides nothing.
   */
  async #runLocked(commands: readonly Command[]): Promise<readonly Json[]> {
    const sent = [LOCK, ...commands, UNLOCK]
    const { results, failure } = await this.#ask('text', sent)
    if (failure === undefined || failure.index === sent.length - 1) return results.slice(1)
    if (failure.index === 0) throw lockedOut(this.name, failure.errors, this.#secrets)
    const command = this.#sentAt(failure.index, sent)
    throw refusal({ device: this.name, command, errors: failure.errors, secrets: this.#secrets })
  }

  /** All results of the commands, or `refused`. */
  async #run(format: Format, commands: readonly Command[]): Promise<readonly Json[]> {
    return (await this.#runBeside(format, commands, [])).results
  }

  /**
   * All results of the commands, or `refused`. `change` says which of the commands are the lines of a change. What is `beside`
   * comes last and decides nothing: undefined is what the switch refused. Where it stops at one of these, those behind it are
   * asked again, in one further request.
   */
  async #runBeside(
    format: Format,
    commands: readonly Command[],
    beside: readonly Command[],
    change = NO_CHANGE,
  ): Promise<Shown> {
    const answer = await this.#ask(format, [...commands, ...beside])
    const { results, failure } = answer
    if (failure === undefined || failure.index >= commands.length) {
      if (results.length >= commands.length) {
        const rest = failure === undefined ? [] : beside.slice(failure.index - commands.length + 1)
        return shownOf(commands.length, answer, await this.#askEach(format, rest))
      }
      throw new EosflowError('protocol', `${this.name}: the answer leaves out what became of the commands before`, {
        device: this.name,
      })
    }
    const line = failure.index - change.from + 1
    throw refusal({
      device: this.name,
      command: this.#sentAt(failure.index, commands),
      errors: failure.errors,
      secrets: this.#secrets,
      ...(line >= 1 && line <= change.count ? { line } : {}),
    })
  }

  /**
   * What the show commands of one format were answered. A refused one does not stop the request; where a switch stops all the
   * same, what is behind it is asked again: only then does it take more than one request.
   */
  async #askEach(format: Format, commands: readonly Command[]): Promise<readonly Answered[]> {
    const answers: Answered[] = []
    while (answers.length < commands.length) {
      const rest = commands.slice(answers.length)
      const heard = await this.#askOnward(format, rest)
      if (heard.length === 0) throw new EosflowError('protocol', `${this.name}: the answer leaves out every command`)
      answers.push(...heard)
    }
    return answers
  }

  async #askOnward(format: Format, commands: readonly Command[]): Promise<readonly Answered[]> {
    const entered = this.#enter.length
    const sent = [...this.#enter, ...commands]
    const answers = await this.#post(format, sent, this.#refusals, readEachAnswer).catch((thrown: unknown) => {
      if (this.#refusals === 'stop' || !isUnknownRefusals(thrown)) throw thrown
      this.#refusals = 'stop'
      return this.#post(format, sent, 'stop', readEachAnswer)
    })
    const denied = answers.slice(0, entered).find((answer) => !answer.ok)
    if (denied === undefined) return answers.slice(entered)
    throw refusal({ device: this.name, command: this.#sentAt(-1, []), errors: denied.errors, secrets: this.#secrets })
  }

  /** One request. Positions count from the first of `commands`: -1 is `enable`. */
  async #ask(format: Format, commands: readonly Command[]): Promise<Answer> {
    const entered = this.#enter.length
    const { results, failure } = await this.#post(format, [...this.#enter, ...commands], 'stop', readAnswer)
    return {
      results: results.slice(entered),
      ...(failure === undefined ? {} : { failure: { ...failure, index: failure.index - entered } }),
    }
  }

  async #post<T>(
    format: Format,
    sent: readonly Command[],
    refusals: Refusals,
    read: (body: string, id: string, count: number) => T,
  ): Promise<T> {
    this.#requests += 1
    const id = `eosflow-${this.#requests}`
    try {
      return read(await this.#channel.post(requestBody(id, format, sent, refusals)), id, sent.length)
    } catch (thrown) {
      throw onDevice(thrown, this.name)
    }
  }

  /** What a look cannot do without. Throws `refused`. */
  #fact(command: Command, answer: Answered | undefined): Json {
    if (answer?.ok === true) return modelOf(answer.result)
    const errors = answer?.errors ?? (['it was not answered'] as const)
    throw refusal({ device: this.name, command, errors, secrets: this.#secrets })
  }

  #sentAt(index: number, commands: readonly Command[]): Command {
    return commands[index] ?? this.#enter[0] ?? { cmd: 'enable' }
  }

  #named<T>(read: () => T): T {
    try {
      return read()
    } catch (thrown) {
      throw onDevice(thrown, this.name)
    }
  }
}

const NO_CHANGE = { from: 0, count: 0 }
