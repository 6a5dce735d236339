import type { Command } from '../../../model/command.ts'
import { EosflowError } from '../../../model/error.ts'
import { type AskFence, whateverItsAge } from '../../../model/fence.ts'
import { definedMembers, type Json } from '../../../model/json.ts'
import {
  type Device,
  type RawAnswer,
  type RawRequest,
  type Reply,
  readSessionTable,
  type ShowText,
} from '../../device/device.ts'
import { ownerGone, ownerProof } from '../../device/owner-proof.ts'
import { readVersion } from '../session/read-version.ts'
import { readReplay, replayCommands } from '../session/replay.ts'
import {
  announcement,
  bootScript,
  CONFIGURE_LOCK,
  CONFIGURE_UNLOCK,
  COPY_COMPLAINT,
  type DeviceEntry,
  deleteCheckpoint,
  lockedOut,
  nameWord,
  onDevice,
  PERCENT,
  refusal,
  type SwitchRefusal,
  scrubbedText,
  timerWord,
} from '../session/session-words.ts'
import type { EapiChannel } from './exchange.ts'
import {
  type CommandAnswer,
  completionBody,
  configReading,
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
  readStaged,
  requestBody,
  SHOW_DIFFS,
  SHOW_RUNNING,
  shownOf,
  stagingOf,
  textOf,
} from './json-rpc.ts'

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

function eapiRequests(channel: EapiChannel, { name, enable, sendEnable = true, secrets: given = [] }: DeviceEntry) {
  const input = enable?.reveal()
  const secrets = input === undefined ? given : [...given, input]
  const enter: readonly Command[] = sendEnable ? [{ cmd: 'enable', ...definedMembers({ input }) }] : []
  let count = 0
  let onRefusal: Refusals = 'go-on'

  function refused(command: Command, errors: SwitchRefusal['errors'], place: Pick<SwitchRefusal, 'line'> = {}) {
    return refusal({ device: name, command, errors, secrets, ...place })
  }

  // Throws `busy` when somebody else keeps us out. The lock ends with the request whose CLI took it, so that the answer to giving it back decides nothing.
  async function runLocked(commands: readonly Command[], sending: SendOptions): Promise<readonly Json[]> {
    const sent = [LOCK, ...commands, UNLOCK]
    const { results, failure } = await ask('text', sent, sending)
    if (failure === undefined || failure.index === sent.length - 1) return results.slice(1)
    if (failure.index === 0) throw lockedOut(name, failure.errors, secrets)
    throw refused(sentAt(failure.index, sent), failure.errors)
  }

  async function run(format: Format, commands: readonly Command[], sending: SendOptions) {
    return (await runBeside(format, commands, [], sending)).results
  }

  async function runBeside(
    format: Format,
    commands: readonly Command[],
    beside: readonly Command[],
    sending: SendOptions,
  ) {
    const { change = NO_CHANGE } = sending
    const answer = await ask(format, [...commands, ...beside], sending)
    const { results, failure } = answer
    if (failure === undefined || failure.index >= commands.length) {
      if (results.length >= commands.length) {
        const rest = failure === undefined ? [] : beside.slice(failure.index - commands.length + 1)
        return shownOf(commands.length, answer, await askEach(format, rest))
      }
      throw new EosflowError('protocol', `${name}: the answer leaves out what became of the commands before`, {
        device: name,
      })
    }
    const line = failure.index - change.from + 1
    const place = line >= 1 && line <= change.count ? { line } : {}
    throw refused(sentAt(failure.index, commands), failure.errors, place)
  }

  async function askEach(format: Format, commands: readonly Command[]): Promise<readonly CommandAnswer[]> {
    const answers: CommandAnswer[] = []
    while (answers.length < commands.length) {
      const heard = await askOnward(format, commands.slice(answers.length))
      if (heard.length === 0) throw new EosflowError('protocol', `${name}: the answer leaves out every command`)
      answers.push(...heard)
    }
    return answers
  }

  async function askOnward(format: Format, commands: readonly Command[]): Promise<readonly CommandAnswer[]> {
    const entered = enter.length
    const sent = [...enter, ...commands]
    const answers = await post(format, sent, onRefusal, readEachAnswer, undefined).catch((thrown: unknown) => {
      if (onRefusal === 'stop' || !isUnknownRefusals(thrown)) throw thrown
      onRefusal = 'stop'
      return post(format, sent, 'stop', readEachAnswer, undefined)
    })
    const denied = answers.slice(0, entered).find((answer) => !answer.ok)
    if (denied === undefined) return answers.slice(entered)
    throw refused(sentAt(-1, []), denied.errors)
  }

  // Throws `refused` where the switch does not show the owner session; the command that shows it has no model, so that such a request asks for text.
  async function ask(format: Format, commands: readonly Command[], { fence, held }: SendOptions): Promise<RpcAnswer> {
    if (held !== undefined && format !== 'text') throw new EosflowError('bug', 'an owner session is shown as text only')
    const proof = held === undefined ? [] : [{ cmd: ownerProof(held) }]
    const entered = enter.length + proof.length
    const sent = [...enter, ...proof, ...commands]
    const { results, failure } = await post(format, sent, 'stop', readAnswer, fence)
    if (held !== undefined && failure?.index === enter.length)
      throw ownerGone(name, held, scrubbedText(failure.errors.join('; '), { cmd: ownerProof(held) }, secrets))
    return {
      results: results.slice(entered),
      ...(failure === undefined ? {} : { failure: { ...failure, index: failure.index - entered } }),
    }
  }

  async function post<T>(
    format: Format,
    sent: readonly Command[],
    refusals: Refusals,
    read: (body: string, id: string, count: number) => T,
    fence: AskFence | undefined,
  ) {
    count += 1
    const id = `eosflow-${count}`
    try {
      return read(await channel.post(requestBody(id, format, sent, refusals), fence), id, sent.length)
    } catch (thrown) {
      throw onDevice(thrown, name)
    }
  }

  // Commands as they are, behind `enable`, with the bytes that went and came. Throws `refused` where `enable` is.
  async function exchange({ commands, format, refusals }: RawRequest, fence: AskFence): Promise<RawAnswer> {
    count += 1
    const id = `eosflow-${count}`
    if (format === 'completions') return completions(commands, id)
    const entered = enter.length
    const sent = [...enter, ...commands]
    const body = requestBody(id, format, sent, refusals)
    try {
      const answer = await channel.post(body, fence)
      const outcomes = readOutcomes(answer, id, sent.length)
      const denied = outcomes.slice(0, entered).find((outcome) => !outcome.ok)
      if (denied?.ok === false) throw refused(sentAt(-1, []), denied.errors)
      return { request: withoutInput(body, secrets), answer, outcomes: outcomes.slice(entered) }
    } catch (thrown) {
      throw onDevice(thrown, name)
    }
  }

  async function completions([command = { cmd: '' }]: readonly Command[], id: string): Promise<RawAnswer> {
    const request = completionBody(id, command.cmd)
    try {
      const answer = await channel.post(request, undefined)
      return { request, answer, outcomes: [{ ok: true, result: readResult(answer, id) }] }
    } catch (thrown) {
      throw onDevice(thrown, name)
    }
  }

  function sentAt(index: number, commands: readonly Command[]): Command {
    return commands[index] ?? enter[0] ?? { cmd: 'enable' }
  }

  return { secrets, refused, runLocked, run, runBeside, askEach, ask, exchange, sentAt, close: () => channel.close() }
}

function withoutInput(body: string, secrets: readonly string[]) {
  const written = secrets.map((secret) => JSON.stringify(secret).slice(1, -1)).filter((secret) => secret !== '')
  return written.reduce((safe, secret) => safe.replaceAll(`"input":"${secret}"`, '"input":"<redacted>"'), body)
}

interface EapiEntry extends DeviceEntry {
  readonly fence: AskFence
}

/** A switch over eAPI. Every verb is one request; each request enters privileged mode afresh (docs/eos.md 1.5). */
export function eapiDevice(channel: EapiChannel, options: EapiEntry): Device {
  return deviceOver(options, eapiRequests(channel, options), { fence: options.fence })
}

type Writing = SendOptions & { readonly fence: AskFence }

const SHOW_VERSION: Command = { cmd: 'show version', revision: 1 }
// Without a revision, as NAPALM asks it: from 4.32 on the latest tells more than the first (napalm issue 2166).
const SHOW_SESSIONS: Command = { cmd: 'show configuration sessions detail' }

function deviceOver(
  entry: Pick<EapiEntry, 'name' | 'announce'>,
  requests: ReturnType<typeof eapiRequests>,
  writes: Writing,
): Device {
  const { name } = entry
  const announce = entry.announce === undefined ? [] : [announcement(entry.announce)]

  async function confirmHeld(commit: Command, confirms: Writing) {
    const [committed] = await requests.run('text', [commit], confirms)
    refuseComplaint(commit, committed, PERCENT)
    try {
      const [version, sessions] = await requests.run('json', [SHOW_VERSION, SHOW_SESSIONS], READS)
      return table(version, sessions)
    } catch (thrown) {
      if (!(thrown instanceof EosflowError)) throw thrown
      const message = `${name}: confirmed, and its sessions could not be read: ${thrown.message}`
      throw new EosflowError('lost-answer', message, { device: name, cause: thrown })
    }
  }

  function table(version: Json | undefined, sessions: Json | undefined) {
    const { time } = named(() => readVersion(modelOf(version)))
    return readSessionTable(modelOf(sessions), time)
  }

  async function overwrite(cmd: string, sending: SendOptions, under?: 'lock') {
    const sent = [SHOW_RUNNING, { cmd }]
    const [running, written] = await (under === 'lock'
      ? requests.runLocked(sent, sending)
      : requests.run('text', sent, sending))
    refuseComplaint({ cmd }, written, PERCENT)
    return textOf(running)
  }

  // `copy` and its like report trouble inside the messages of a successful result (docs/eos.md 1.3).
  function refuseComplaint(command: Command, result: Json | undefined, complaint: RegExp) {
    const [first, ...rest] = linesOf(result).filter((line) => complaint.test(line))
    if (first === undefined) return
    throw requests.refused(command, [first, ...rest])
  }

  // Throws `refused`.
  function fact(command: Command, answer: CommandAnswer | undefined) {
    if (answer?.ok === true) return modelOf(answer.result)
    throw requests.refused(command, answer?.errors ?? ['it was not answered'])
  }

  function named<T>(read: () => T) {
    try {
      return read()
    } catch (thrown) {
      throw onDevice(thrown, name)
    }
  }

  return {
    name,

    heldBy(session) {
      return deviceOver(entry, requests, { ...writes, held: nameWord(session) })
    },

    async hold(session) {
      const open = { cmd: `configure session ${nameWord(session)}` }
      const [opened] = await requests.run('text', [open, { cmd: 'end' }], writes)
      refuseComplaint(open, opened, PERCENT)
    },

    async look(commands) {
      const printed = commands.filter(({ format }) => format === 'text')
      const modelled = commands.filter(({ format }) => format !== 'text')
      const [version, sessions, ...models] = await requests.askEach('json', [SHOW_VERSION, SHOW_SESSIONS, ...modelled])
      const { identity, time } = named(() => readVersion(fact(SHOW_VERSION, version)))
      const table = readSessionTable(fact(SHOW_SESSIONS, sessions), time)
      const replies = inTurn(commands, models, await requests.askEach('text', printed))
      return { identity, uptime: Math.floor(time.uptime), epoch: time.epoch, sessions: table, replies }
    },

    async print(commands) {
      const answers = await requests.askEach(
        'text',
        commands.map((cmd) => ({ cmd })),
      )
      return answers.map(
        (answer): ShowText =>
          answer.ok ? { ok: true, text: textOf(answer.result) } : { ok: false, error: answer.errors.join('; ') },
      )
    },

    async readConfig() {
      const { results, beside } = await requests.runBeside('text', [SHOW_RUNNING], [SHOW_DIFFS], READS)
      return configReading(results[0], beside[0])
    },

    async stage(request) {
      const staging = stagingOf(request, announce)
      const shown = await requests.runBeside('text', staging.commands, staging.beside, {
        ...writes,
        change: staging.change,
      })
      const { staged, done } = readStaged(request, staging, shown, requests.secrets)
      refuseComplaint(staging.last, done, PERCENT)
      return staged
    },

    async replay(session, checkpoint) {
      const { commands, copy, diff } = replayCommands(session, checkpoint)
      const { results, failure } = await requests.ask('text', commands, writes)
      if (failure === undefined) return readReplay(linesOf(results[copy]), textOf(results[diff]), requests.secrets)
      if (failure.index === copy) return readReplay(failure.errors, undefined, requests.secrets)
      throw requests.refused(requests.sentAt(failure.index, commands), failure.errors)
    },

    async arm(session, seconds, under) {
      return overwrite(`configure session ${nameWord(session)} commit timer ${timerWord(seconds)}`, writes, under)
    },

    async confirm(session) {
      const commit = { cmd: `configure session ${nameWord(session)} commit` }
      const confirms = { ...writes, fence: whateverItsAge(writes.fence) }
      if (writes.held !== undefined) return confirmHeld(commit, confirms)
      const sent = [SHOW_VERSION, commit, SHOW_SESSIONS]
      const [version, committed, sessions] = await requests.run('json', sent, confirms)
      refuseComplaint(commit, committed, PERCENT)
      return table(version, sessions)
    },

    async abort(session) {
      return overwrite(`configure session ${nameWord(session)} abort`, READS)
    },

    async save() {
      const copy = { cmd: 'copy running-config startup-config' }
      const { results, beside } = await requests.runBeside('text', [copy, SHOW_RUNNING], [SHOW_DIFFS], {
        ...writes,
      })
      refuseComplaint(copy, results[0], COPY_COMPLAINT)
      return configReading(results[1], beside[0])
    },

    async restore(checkpoint) {
      return overwrite(`configure replace checkpoint:${nameWord(checkpoint)} skip-checkpoint`, writes)
    },

    async boot(lines) {
      const sending = lines.length === 0 ? READS : writes
      return textOf((await requests.run('text', bootScript(lines), sending)).at(-1))
    },

    async removeCheckpoints(checkpoints) {
      const commands = checkpoints.map(deleteCheckpoint)
      const results = await requests.run('text', commands, writes)
      for (const [at, command] of commands.entries()) refuseComplaint(command, results[at], COPY_COMPLAINT)
    },

    async exchange(request) {
      if (writes.held !== undefined) throw new EosflowError('bug', 'an exchange shows no owner session')
      return requests.exchange(request, writes.fence)
    },

    async close() {
      requests.close()
    },
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
