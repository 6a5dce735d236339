import type { Command } from '../../../model/command.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import { type AskFence, whateverItsAge } from '../../../model/fence.ts'
import type { Json } from '../../../model/json.ts'
import type {
  ConfigReading,
  Device,
  Look,
  RawAnswer,
  RawRequest,
  Replay,
  Reply,
  ShowText,
  StageRequest,
  StageResult,
} from '../../device/device.ts'
import { ownerGone, ownerProof } from '../../device/owner-proof.ts'
import { readSessionTable, type SessionTable } from '../../device/session-table.ts'
import { CONFIGURE_LOCK, CONFIGURE_UNLOCK, lockedOut } from '../session/configure-lock.ts'
import { readVersion } from '../session/read-version.ts'
import { refusal } from '../session/refusal.ts'
import { readReplay, replayCommands } from '../session/replay.ts'
import { scrubbedText } from '../session/scrub.ts'
import type { DeviceEntry } from '../session/session-words.ts'
import {
  announcement,
  bootScript,
  COPY_COMPLAINT,
  deleteCheckpoint,
  nameWord,
  onDevice,
  PERCENT,
  timerWord,
} from '../session/session-words.ts'
import type { EapiChannel } from './exchange.ts'
import {
  type CommandAnswer,
  completionBody,
  type Format,
  isUnknownRefusals,
  linesOf,
  modelOf,
  type Refusals,
  type RpcAnswer,
  readAnswer,
  readEachAnswer,
  readOutcomes,
  readResult,
  requestBody,
  textOf,
} from './json-rpc.ts'
import {
  configReading,
  readStaged,
  SHOW_DIFFS,
  SHOW_RUNNING,
  type StagingReplies,
  shownOf,
  stagingOf,
} from './staging.ts'

const LOCK: Command = { cmd: CONFIGURE_LOCK }
const UNLOCK: Command = { cmd: CONFIGURE_UNLOCK }
const NO_CHANGE = { from: 0, count: 0 }

interface SendOptions {
  readonly fence: AskFence | undefined
  readonly change?: { readonly from: number; readonly count: number }
  // The owner session that is shown before them: where the switch does not have it, none of them is carried out.
  readonly held?: string | undefined
}

const READS: SendOptions = { fence: undefined }

class EapiRequests {
  readonly name: string
  readonly secrets: readonly string[]
  readonly #channel: EapiChannel
  readonly #enter: readonly Command[]
  #requests = 0
  #refusals: Refusals = 'go-on'

  constructor(channel: EapiChannel, { name, enable, sendEnable = true, secrets = [] }: DeviceEntry) {
    const input = enable?.reveal()
    this.name = name
    this.#channel = channel
    this.#enter = sendEnable ? [{ cmd: 'enable', ...definedMembers({ input }) }] : []
    this.secrets = input === undefined ? secrets : [...secrets, input]
  }

  close(): void {
    this.#channel.close()
  }

  // Throws `busy` when somebody else keeps us out. The lock ends with the request whose CLI took it, so that the answer to giving it back decides nothing.
  async runLocked(commands: readonly Command[], sending: SendOptions): Promise<readonly Json[]> {
    const sent = [LOCK, ...commands, UNLOCK]
    const { results, failure } = await this.ask('text', sent, sending)
    if (failure === undefined || failure.index === sent.length - 1) return results.slice(1)
    if (failure.index === 0) throw lockedOut(this.name, failure.errors, this.secrets)
    const command = this.sentAt(failure.index, sent)
    throw refusal({ device: this.name, command, errors: failure.errors, secrets: this.secrets })
  }

  async run(format: Format, commands: readonly Command[], sending: SendOptions): Promise<readonly Json[]> {
    return (await this.runBeside(format, commands, [], sending)).results
  }

  async runBeside(
    format: Format,
    commands: readonly Command[],
    beside: readonly Command[],
    sending: SendOptions,
  ): Promise<StagingReplies> {
    const { change = NO_CHANGE } = sending
    const answer = await this.ask(format, [...commands, ...beside], sending)
    const { results, failure } = answer
    if (failure === undefined || failure.index >= commands.length) {
      if (results.length >= commands.length) {
        const rest = failure === undefined ? [] : beside.slice(failure.index - commands.length + 1)
        return shownOf(commands.length, answer, await this.askEach(format, rest))
      }
      throw new EosflowError('protocol', `${this.name}: the answer leaves out what became of the commands before`, {
        device: this.name,
      })
    }
    const line = failure.index - change.from + 1
    throw refusal({
      device: this.name,
      command: this.sentAt(failure.index, commands),
      errors: failure.errors,
      secrets: this.secrets,
      ...(line >= 1 && line <= change.count ? { line } : {}),
    })
  }

  async askEach(format: Format, commands: readonly Command[]): Promise<readonly CommandAnswer[]> {
    const answers: CommandAnswer[] = []
    while (answers.length < commands.length) {
      const rest = commands.slice(answers.length)
      const heard = await this.#askOnward(format, rest)
      if (heard.length === 0) throw new EosflowError('protocol', `${this.name}: the answer leaves out every command`)
      answers.push(...heard)
    }
    return answers
  }

  async #askOnward(format: Format, commands: readonly Command[]): Promise<readonly CommandAnswer[]> {
    const entered = this.#enter.length
    const sent = [...this.#enter, ...commands]
    const answers = await this.#post(format, sent, this.#refusals, readEachAnswer, undefined).catch(
      (thrown: unknown) => {
        if (this.#refusals === 'stop' || !isUnknownRefusals(thrown)) throw thrown
        this.#refusals = 'stop'
        return this.#post(format, sent, 'stop', readEachAnswer, undefined)
      },
    )
    const denied = answers.slice(0, entered).find((answer) => !answer.ok)
    if (denied === undefined) return answers.slice(entered)
    throw refusal({ device: this.name, command: this.sentAt(-1, []), errors: denied.errors, secrets: this.secrets })
  }

  // Throws `refused` where the switch does not show the owner session; the command that shows it has no model, so that such a request asks for text.
  async ask(format: Format, commands: readonly Command[], { fence, held }: SendOptions): Promise<RpcAnswer> {
    if (held !== undefined && format !== 'text') throw new EosflowError('bug', 'an owner session is shown as text only')
    const proof = held === undefined ? [] : [{ cmd: ownerProof(held) }]
    const entered = this.#enter.length + proof.length
    const sent = [...this.#enter, ...proof, ...commands]
    const { results, failure } = await this.#post(format, sent, 'stop', readAnswer, fence)
    if (held !== undefined && failure?.index === this.#enter.length)
      throw ownerGone(this.name, held, scrubbedText(failure.errors.join('; '), { cmd: ownerProof(held) }, this.secrets))
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
    fence: AskFence | undefined,
  ): Promise<T> {
    this.#requests += 1
    const id = `eosflow-${this.#requests}`
    try {
      return read(await this.#channel.post(requestBody(id, format, sent, refusals), fence), id, sent.length)
    } catch (thrown) {
      throw onDevice(thrown, this.name)
    }
  }

  // Commands as they are, behind `enable`, with the bytes that went and came. Throws `refused` where `enable` is.
  async exchange({ commands, format, refusals }: RawRequest, fence: AskFence): Promise<RawAnswer> {
    this.#requests += 1
    const id = `eosflow-${this.#requests}`
    if (format === 'completions') return this.#completions(commands, id)
    const entered = this.#enter.length
    const sent = [...this.#enter, ...commands]
    const body = requestBody(id, format, sent, refusals)
    try {
      const answer = await this.#channel.post(body, fence)
      const outcomes = readOutcomes(answer, id, sent.length)
      const denied = outcomes.slice(0, entered).find((outcome) => !outcome.ok)
      if (denied?.ok === false) {
        const { errors } = denied
        throw refusal({ device: this.name, command: this.sentAt(-1, []), errors, secrets: this.secrets })
      }
      return { request: withoutInput(body, this.secrets), answer, outcomes: outcomes.slice(entered) }
    } catch (thrown) {
      throw onDevice(thrown, this.name)
    }
  }

  async #completions([command = { cmd: '' }]: readonly Command[], id: string): Promise<RawAnswer> {
    const request = completionBody(id, command.cmd)
    try {
      const answer = await this.#channel.post(request, undefined)
      return { request, answer, outcomes: [{ ok: true, result: readResult(answer, id) }] }
    } catch (thrown) {
      throw onDevice(thrown, this.name)
    }
  }

  sentAt(index: number, commands: readonly Command[]): Command {
    return commands[index] ?? this.#enter[0] ?? { cmd: 'enable' }
  }
}

function withoutInput(body: string, secrets: readonly string[]) {
  const written = secrets.map((secret) => JSON.stringify(secret).slice(1, -1)).filter((secret) => secret !== '')
  return written.reduce((safe, secret) => safe.replaceAll(`"input":"${secret}"`, '"input":"<redacted>"'), body)
}

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
