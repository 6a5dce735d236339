import type { Command } from '../../../model/command.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import type { AskFence } from '../../../model/fence.ts'
import type { Json } from '../../../model/json.ts'
import { ownerGone, ownerProof } from '../../device/owner-proof.ts'
import type { RawAnswer, RawRequest } from '../../device/raw-exchange.ts'
import { CONFIGURE_LOCK, CONFIGURE_UNLOCK, lockedOut } from '../session/configure-lock.ts'
import type { DeviceEntry } from '../session/entry.ts'
import { onDevice } from '../session/on-device.ts'
import { refusal } from '../session/refusal.ts'
import { scrubbedText } from '../session/scrub.ts'
import type { EapiChannel } from './channel.ts'
import {
  type CommandAnswer,
  completionBody,
  type Format,
  isUnknownRefusals,
  type Refusals,
  type RpcAnswer,
  readAnswer,
  readEachAnswer,
  readOutcomes,
  readResult,
  requestBody,
} from './json-rpc.ts'
import { type StagingReplies, shownOf } from './staging.ts'

const LOCK: Command = { cmd: CONFIGURE_LOCK }
const UNLOCK: Command = { cmd: CONFIGURE_UNLOCK }
const NO_CHANGE = { from: 0, count: 0 }

export interface SendOptions {
  readonly fence: AskFence | undefined
  readonly change?: { readonly from: number; readonly count: number }
  /** The owner session that is shown before them: where the switch does not have it, none of them is carried out. */
  readonly held?: string | undefined
}

export const READS: SendOptions = { fence: undefined }

export class EapiRequests {
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

  /** Throws `busy` when somebody else keeps us out. The lock ends with the request whose CLI took it, so that the answer to giving it back decides nothing. */
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

  /** Throws `refused` where the switch does not show the owner session; the command that shows it has no model, so that such a request asks for text. */
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

  /** Commands as they are, behind `enable`, with the bytes that went and came. Throws `refused` where `enable` is. */
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
