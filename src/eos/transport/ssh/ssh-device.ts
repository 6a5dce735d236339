import type { Clock } from '../../../model/clock.ts'
import type { Command } from '../../../model/command.ts'
import { EosflowError } from '../../../model/error.ts'
import { type AskFence, whateverItsAge } from '../../../model/fence.ts'
import { definedMembers } from '../../../model/json.ts'
import { checkpointNames } from '../../device/checkpoint-names.ts'
import {
  type ConfigReading,
  type Device,
  type Look,
  type RawAnswer,
  type RawOutcome,
  type RawRequest,
  type Reply,
  readSessionTable,
  type ShowText,
  type StageResult,
} from '../../device/device.ts'
import { entering } from '../connection/metered-device.ts'
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
  printedDiff,
  refusal,
  SHOW_BOOT,
  SHOW_CHECKPOINTS,
  timerWord,
} from '../session/session-words.ts'
import { loadLines, ShellDialogue } from './shell-dialogue.ts'
import {
  complaintsIn,
  isConfiguring,
  isInSession,
  isPrivileged,
  isRevisionSpoken,
  jsonCommand,
  shownModel,
  shownText,
  typedLine,
} from './spoken.ts'
import type { ShellChannel } from './terminal.ts'

// Throws what the shell throws.
async function typeRaw(shell: ShellDialogue, { commands, format, refusals }: RawRequest): Promise<Required<RawAnswer>> {
  if (format === 'completions') throw new EosflowError('bug', 'completions are asked over eAPI alone')
  const typed: string[] = []
  const heard: string[] = []
  const outcomes: RawOutcome[] = []
  const prompts: string[] = []
  for (const command of commands) {
    const isModel = format === 'json' && command.cmd.startsWith('show ')
    const line = typedLine(isModel ? { ...command, cmd: jsonCommand(command) } : command)
    const said = command.input === undefined ? await shell.run(line) : await shell.feed(line, command.input)
    typed.push(line, ...inputOf(command))
    heard.push(...said.lines)
    prompts.push(said.prompt)
    const outcome = isModel ? modelOutcome(said.lines) : textOutcome(said.lines)
    outcomes.push(outcome)
    if (!outcome.ok && refusals === 'stop') break
  }
  return { request: lines(typed), answer: lines(heard), outcomes, prompts }
}

function modelOutcome(printed: readonly string[]): RawOutcome {
  const model = shownModel(printed)
  return model.ok ? { ok: true, result: model.json } : { ok: false, errors: [model.error] }
}

function textOutcome(printed: readonly string[]): RawOutcome {
  const begins = printed.find((line) => line.trim() !== '')
  const [first, ...rest] = begins === undefined ? [] : complaintsIn([begins])
  if (first !== undefined) return { ok: false, errors: [first, ...rest, ...complaintsIn(printed).slice(1)] }
  const end = printed.findLastIndex((line) => line.trim() !== '')
  return { ok: true, result: { output: lines(printed.slice(0, end + 1)) } }
}

const inputOf = ({ input }: Command) => (input === undefined ? [] : [...input.replace(/\n$/, '').split('\n'), 'EOF'])
const lines = (all: readonly string[]) => all.map((line) => `${line}\n`).join('')

// Throws what the shell throws.
async function shown(shell: ShellDialogue, command: Command): Promise<Reply> {
  if (command.format !== 'text') {
    const reply = shownModel((await shell.run(typedLine(asJson(command)))).lines)
    return reply.ok && !isRevisionSpoken(command) ? { ...reply, revision: 'latest' } : reply
  }
  const said = await printed(shell, command.cmd)
  return said.ok ? { ok: true, json: said.text } : said
}

// Throws what the shell throws.
async function printed(shell: ShellDialogue, cmd: string): Promise<ShowText> {
  const said = shownText((await shell.run(typedLine({ cmd }))).lines)
  return 'text' in said ? { ok: true, text: said.text } : { ok: false, error: said.errors.join('; ') }
}

// Throws what the shell throws.
async function printedEach(shell: ShellDialogue, commands: readonly string[]): Promise<readonly ShowText[]> {
  const answers: ShowText[] = []
  for (const cmd of commands) answers.push(await printed(shell, cmd))
  return answers
}

async function startupDiff(shell: ShellDialogue) {
  const diffs = await printed(shell, 'show running-config diffs')
  return diffs.ok ? printedDiff(diffs.text) : undefined
}

async function startupOf(shell: ShellDialogue): Promise<{ readonly startup?: string }> {
  const startup = await printed(shell, 'show startup-config')
  return startup.ok ? { startup: startup.text } : {}
}

const asJson = ({ cmd, revision }: Command): Command => ({
  cmd: jsonCommand({ cmd, ...definedMembers({ revision }) }),
})

const SHOW_VERSION: Command = { cmd: 'show version' }
const SHOW_SESSIONS: Command = { cmd: 'show configuration sessions detail' }
const SHOW_RUNNING = 'show running-config'

/** The verbs of one device are spoken one after the other. */
export function sshDevice(options: SshDeviceOptions): Device {
  const { name, enable: secret, secrets: given = [] } = options
  const secrets = secret === undefined ? given : [...given, secret.reveal()]
  let held: ShellDialogue | undefined
  let turn: Promise<unknown> = Promise.resolve()
  let closed = false

  async function checkpoints(shell: ShellDialogue, needed: boolean): Promise<Pick<StageResult, 'checkpoints'>> {
    const list = await printed(shell, SHOW_CHECKPOINTS)
    if (list.ok) return { checkpoints: checkpointNames(list.text) }
    if (needed) throw refused({ cmd: SHOW_CHECKPOINTS }, [list.error])
    return {}
  }

  // A session that cannot be opened leaves the CLI in exec mode, where the lines would run (docs/eos.md 2.6).
  async function enterSession(shell: ShellDialogue, open: string) {
    const opened = await act(shell, open)
    if (!isInSession(shell.prompt)) throw refused({ cmd: open }, [...opened, 'the CLI stays outside the session'])
  }

  // Throws `busy` when somebody else keeps us out.
  async function locked<T>(shell: ShellDialogue, send: () => Promise<T>) {
    const [first, ...rest] = complaintsIn((await shell.run(CONFIGURE_LOCK)).lines, PERCENT)
    if (first !== undefined) throw lockedOut(name, [first, ...rest], secrets)
    let isAnswered = true
    try {
      return await send()
    } catch (error) {
      isAnswered = error instanceof EosflowError && error.kind === 'refused'
      throw error
    } finally {
      if (isAnswered) await shell.run(CONFIGURE_UNLOCK).catch(() => undefined)
    }
  }

  async function reading(shell: ShellDialogue): Promise<ConfigReading> {
    return { running: await text(shell, SHOW_RUNNING), startupDiff: await startupDiff(shell) }
  }

  async function overwrite(shell: ShellDialogue, cmd: string) {
    const running = await text(shell, SHOW_RUNNING)
    await act(shell, cmd)
    return running
  }

  async function act(shell: ShellDialogue, cmd: string, complaint = PERCENT): Promise<readonly string[]> {
    const { lines } = await shell.run(cmd)
    const complaints = complaintsIn(lines, complaint)
    if (complaints.length > 0) throw refused({ cmd }, complaints)
    return lines.filter((line) => line.trim() !== '')
  }

  async function text(shell: ShellDialogue, cmd: string) {
    const shown = shownText((await shell.run(cmd)).lines)
    if ('text' in shown) return shown.text
    throw refused({ cmd }, shown.errors)
  }

  async function fact(shell: ShellDialogue, command: Command) {
    const reply = shownModel((await shell.run(jsonCommand(command))).lines)
    if (reply.ok) return reply.json
    throw refused(command, [reply.error])
  }

  function refused(command: Command, [first = 'no reason given', ...rest]: readonly string[]) {
    return refusal({ device: name, command, errors: [first, ...rest], secrets })
  }

  async function leaveConfig(shell: ShellDialogue) {
    if (isConfiguring(shell.prompt)) await act(shell, 'end')
    if (isConfiguring(shell.prompt)) throw new EosflowError('protocol', '`end` did not leave the configuration mode')
  }

  function write<T>(speak: (shell: ShellDialogue) => Promise<T>) {
    return verb(options.fence, speak)
  }

  // One verb at a time: what is typed for one must not be read as an answer by another.
  function verb<T>(fence: AskFence | undefined, speak: (shell: ShellDialogue) => Promise<T>) {
    const spoken = turn.then(() => inShell(fence, speak))
    turn = spoken.catch(() => undefined)
    return spoken
  }

  async function inShell<T>(fence: AskFence | undefined, speak: (shell: ShellDialogue) => Promise<T>) {
    try {
      const shell = await entered()
      try {
        shell.under(fence)
        return await speak(shell)
      } catch (thrown) {
        await recover(shell, thrown)
        throw thrown
      }
    } catch (thrown) {
      throw onDevice(thrown, name)
    }
  }

  async function recover(shell: ShellDialogue, thrown: unknown) {
    shell.under(undefined)
    if (shell.isClosed) return
    if (thrown instanceof EosflowError && (thrown.kind === 'refused' || thrown.kind === 'guard')) {
      await leaveConfig(shell).catch(() => shell.close())
    } else {
      shell.close()
    }
  }

  async function entered() {
    if (closed) throw new EosflowError('bug', 'a command on a closed connection')
    if (held !== undefined && !held.isClosed) return held
    const { clock, nonce, silenceMilliseconds, open } = options
    const shell = new ShellDialogue(await open(), { clock, nonce: nonce(), silenceMilliseconds })
    // Whoever has closed it meanwhile had no shell to close.
    if (closed) shell.close()
    if (closed) throw new EosflowError('cancelled', 'its connection was closed')
    held = shell
    await entering(() => enterShell(shell, options, refused))
    return shell
  }

  return {
    name,

    look(commands) {
      return verb(undefined, async (shell) => {
        const { identity, time } = readVersion(await fact(shell, SHOW_VERSION))
        const sessions = readSessionTable(await fact(shell, SHOW_SESSIONS), time)
        const replies: Look['replies'][number][] = []
        for (const command of commands) replies.push(await shown(shell, command))
        return { identity, uptime: Math.floor(time.uptime), epoch: time.epoch, sessions, replies }
      })
    },

    print(commands) {
      return verb(undefined, (shell) => printedEach(shell, commands))
    },

    readConfig() {
      return verb(undefined, reading)
    },

    async hold(session) {
      throw unheeded(name, session)
    },

    heldBy(session) {
      throw unheeded(name, session)
    },

    stage({ session, mode, commands, checkpoint }) {
      return write(async (shell) => {
        for (const command of commands) typedLine(command)
        const open = `configure session ${nameWord(session)}`
        const named = `show session-config named ${session}`
        const last = checkpoint === undefined ? `${open} abort` : `configure checkpoint save ${nameWord(checkpoint)}`
        await enterSession(shell, open)
        if (mode === 'replace') await act(shell, 'rollback clean-config')
        const said = await loadLines(shell, commands, name, secrets)
        await leaveConfig(shell)
        const running = await text(shell, SHOW_RUNNING)
        const candidate = await text(shell, named)
        const diff = printedDiff(await text(shell, `${named} diffs`))
        await act(shell, last)
        const listed = await checkpoints(shell, checkpoint !== undefined)
        const staged = { running, startupDiff: await startupDiff(shell), candidate, diff, ...said, ...listed }
        if (checkpoint === undefined) return staged
        const startup = await startupOf(shell)
        const { announce } = options
        if (announce !== undefined) await shell.run(typedLine(announcement(announce)))
        return { ...staged, ...startup }
      })
    },

    replay(session, checkpoint) {
      return write(async (shell) => {
        const { commands, copy, diff } = replayCommands(session, checkpoint)
        const [open, ...others] = commands.map(({ cmd }) => cmd)
        await enterSession(shell, open ?? '')
        const said: (readonly string[])[] = [[]]
        for (const cmd of others) {
          const isRead = said.length === copy || said.length === diff
          said.push(isRead ? (await shell.run(cmd)).lines : await act(shell, cmd))
        }
        return readReplay(said[copy] ?? [], (said[diff] ?? []).join('\n'), secrets)
      })
    },

    arm(session, seconds, under) {
      return write(async (shell) => {
        const commit = `configure session ${nameWord(session)} commit timer ${timerWord(seconds)}`
        const send = () => overwrite(shell, commit)
        return under === 'lock' ? locked(shell, send) : send()
      })
    },

    confirm(session) {
      return verb(whateverItsAge(options.fence), async (shell) => {
        const { time } = readVersion(await fact(shell, SHOW_VERSION))
        await act(shell, `configure session ${nameWord(session)} commit`)
        return readSessionTable(await fact(shell, SHOW_SESSIONS), time)
      })
    },

    abort(session) {
      return verb(undefined, async (shell) => overwrite(shell, `configure session ${nameWord(session)} abort`))
    },

    save() {
      return write(async (shell) => {
        await act(shell, 'copy running-config startup-config', COPY_COMPLAINT)
        return reading(shell)
      })
    },

    restore(checkpoint) {
      return write(async (shell) =>
        overwrite(shell, `configure replace checkpoint:${nameWord(checkpoint)} skip-checkpoint`),
      )
    },

    boot(lines) {
      return verb(lines.length === 0 ? undefined : options.fence, async (shell) => {
        for (const { cmd } of bootScript(lines).slice(0, -1)) await act(shell, cmd)
        return text(shell, SHOW_BOOT.cmd)
      })
    },

    removeCheckpoints(checkpoints) {
      return write(async (shell) => {
        for (const { cmd } of checkpoints.map(deleteCheckpoint)) await act(shell, cmd, COPY_COMPLAINT)
      })
    },

    exchange(request) {
      return write(async (shell) => {
        const answer = await typeRaw(shell, request)
        await leaveConfig(shell)
        return answer
      })
    },

    async close() {
      closed = true
      held?.close()
    },
  }
}

// An owner session fences nothing over a shell: each line is typed for itself, when the one before it was answered, so that a line which is
// late finds nothing before it that could fail.
function unheeded(device: string, session: string) {
  return new EosflowError('guard', `${device}: the owner session ${session} is not heeded over SSH`, {
    device,
    hint: 'Reach the switch over eAPI (transport: eapi), or switch `ownerSession` off in eosflow.yaml.',
  })
}

interface SshDeviceOptions extends DeviceEntry {
  readonly clock: Clock
  readonly fence: AskFence
  // Logs in and opens a shell; called by the first verb, and by the next one after a shell was lost.
  readonly open: () => Promise<ShellChannel>
  readonly nonce: () => string
  // After how long without a byte an answer counts as lost.
  readonly silenceMilliseconds: number
}

type Refused = (command: Command, errors: readonly string[]) => EosflowError

// Throws what {@link notEntered} makes of a failure; the shell is closed then.
async function enterShell(shell: ShellDialogue, entry: DeviceEntry, refused: Refused) {
  try {
    await shell.login()
    await enable(shell, entry, refused)
    await shell.type(['terminal length 0', 'terminal width 32767'], () => undefined)
  } catch (thrown) {
    shell.close()
    throw notEntered(thrown)
  }
}

async function enable(shell: ShellDialogue, { enable: secret, sendEnable = true }: DeviceEntry, refused: Refused) {
  if (isPrivileged(shell.prompt)) return
  const why = 'the login is not privileged, and `sendEnable: false` keeps enable from being sent'
  if (!sendEnable) throw refused({ cmd: 'enable' }, [why])
  const command = { cmd: 'enable', ...(secret === undefined ? {} : { input: secret.reveal() }) }
  const said = await shell.enable(secret)
  if (said === 'unanswered')
    throw refused(command, [secret === undefined ? 'it asks for a secret' : 'it does not take the secret'])
  const complaints = complaintsIn(said.lines)
  if (complaints.length > 0 || !isPrivileged(shell.prompt)) throw refused(command, complaints)
}

// A failure of the login: nothing of a verb was typed yet, so that one that was lost is `unreachable` and may be tried again.
function notEntered(thrown: unknown) {
  if (!(thrown instanceof EosflowError) || thrown.kind !== 'lost-answer') return thrown
  return new EosflowError('unreachable', `the login was not answered: ${thrown.message.replace(/^.*: /, '')}`, {
    retryable: true,
    hint: 'Log in by hand and see what it prints; a switch takes only so many connections (management ssh).',
    cause: thrown,
  })
}
