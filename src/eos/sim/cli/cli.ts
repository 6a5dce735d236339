import type { Command } from '../../../model/command.ts'
import { EXEC_WORDS } from '../../config/guard/exec-words.ts'
import { meaningOf } from '../../config/rules/rules.ts'
import type { ConfigTree } from '../../config/text/tree.ts'
import { type CliRefusal, DONE, type Reply, refused, saidToo } from '../platform/facts.ts'
import type { Behaviour } from '../switch/behaviour.ts'
import type { ConfigMode } from '../switch/config-mode.ts'
import { beginsLikeConfig } from '../switch/config-words.ts'
import type { Switch } from '../switch/switch.ts'
import { isDenied } from './command/command-authorization.ts'
import { type CommandSet, matchWords, nextWords, type WordMatch } from './command/command-words.ts'
import { splitPipes, throughPipes } from './command/pipe.ts'
import { type CliSession, type CliUser, type ExecCommand, sessionVerb } from './command/session-verbs.ts'
import { configWords, expandConfigLine } from './config-abbreviation.ts'

const SHARED: readonly RegExp[] = [
  /^agent \S+ (terminate|restart|stop|start)\b/,
  /^clock set\b/,
  /^dot1x (re-authenticate|initialize|clear|test)\b/,
  /^enable( \d+)?$/,
  /^format \S+:/,
  /^event-monitor (clear|interact|sync)\b/,
  /^license (import|update)\b/,
  /^no (configure|debug|extension|tcpdump)\b/,
  /^platform \S+ (diag|shell)\b/,
  /^redundancy (manual|force|force-switchover|file-replication)\b/,
  /^session (peer-supervisor|all-supervisors|supervisor)\b/,
  /^terminal (monitor|no)\b/,
  /^trace monitor\b/,
  /^xmpp (send|session)\b/,
  /^zerotouch (cancel|disable|enable)\b/,
]

const CARRIED_OUT = new Set([
  'show',
  'copy',
  'write',
  'delete',
  'diff',
  'configure',
  'reload',
  'dir',
  'no',
  'bash',
  'ping',
])

const MODE_VERBS = new Set(['exit', 'end', 'abort', 'commit', 'rollback'])

function isExecWord(word: string) {
  return EXEC_WORDS.has(word)
}

// EOS runs exec commands from any config mode, also inside of a config session, and they act at once (published transcripts).
function execInConfig(line: string, modes: readonly string[]) {
  const exec = line.replace(/^do\s+/, '')
  if (exec !== line || SHARED.some((form) => form.test(exec))) return exec
  const word = firstWord(exec)
  if (!EXEC_WORDS.has(word) || MODE_VERBS.has(word)) return undefined
  const isConfig = modes.some((mode) => meaningOf(mode, exec).weight > 0) || beginsLikeConfig(exec, modes.length - 1)
  return isConfig && !CARRIED_OUT.has(word) ? undefined : exec
}

function firstWord(line: string) {
  return line.split(/\s+/, 1)[0]?.toLowerCase() ?? ''
}

// Whether a command was understood by nobody here, and by EOS would be: it is taken, and nothing comes of it.
function hasNoEffect(exec: string, reply: Reply) {
  if (reply.ok || reply.code !== 1002) return false
  const word = firstWord(exec)
  return !CARRIED_OUT.has(word) && (EXEC_WORDS.has(word) || SHARED.some((form) => form.test(exec)))
}

interface OpenConfigMode {
  readonly mode: ConfigMode
  // The session that is edited; undefined where lines are live at once.
  readonly session: string | undefined
  // What was typed into the session, in this CLI and in those before it.
  readonly typed: Command[]
  base: ConfigTree
}

function typeLine(device: Switch, configuring: OpenConfigMode, command: Command, onTerminal: boolean) {
  const { mode, session, typed } = configuring
  const refusal = session === undefined ? undefined : uneditable(device, session)
  if (refusal !== undefined) return refusal
  const [line, at] = [command.cmd.trim(), typed.length + 1]
  const fault = session === undefined ? undefined : device.faults.refusedLine(at)
  if (fault !== undefined) return refused(fault.message, fault.code ?? 1000)
  const says = [
    ...(onTerminal ? [] : device.faults.saysOf('line-question', line, at)),
    ...device.faults.saysOf('line-warning', line, at),
  ]
  const reply = bootLine(device, line) ?? mode.type(command)
  if (reply.ok && session !== undefined) typed.push(command)
  return says.reduce(saidToo, reply)
}

const BOOT = /^(?:(no|default) )?boot (system|secret)\b ?(.*)$/

function bootLine({ config }: Switch, line: string) {
  const [, no, what, value = ''] = BOOT.exec(line) ?? []
  if (what === undefined) return undefined
  const set = no === undefined ? value : undefined
  if (what === 'secret') config.boot.secret = set
  else config.boot.system = set
  const isKept = what === 'secret' || config.running.children.some((node) => node.line.startsWith('boot system '))
  return isKept ? undefined : DONE
}

function uneditable({ sessions, behaviour }: Switch, session: string) {
  const state = sessions.get(session)?.state
  if (state === 'pending') return undefined
  return refused(behaviour.says[state === 'armed' ? 'armed' : 'notFound'].replace('%s', session))
}

export interface CliOptions {
  readonly autoComplete: boolean
  readonly format: 'json' | 'text'
}

/**
 * One CLI session on a switch, from login to close: exec mode, privileged or not, or a config mode. eAPI opens one for
 * each request and keeps nothing of it (docs/eos.md 1.5).
 */
export class Cli implements CliSession {
  readonly device: Switch
  readonly user: CliUser
  privileged: boolean
  readonly #commands: CommandSet<ExecCommand>
  #configuring: OpenConfigMode | undefined
  #options: CliOptions = { autoComplete: false, format: 'json' }

  constructor(device: Switch, user: CliUser, commands: CommandSet<ExecCommand>) {
    this.device = device
    this.user = user
    this.privileged = user.privilege >= 15
    this.#commands = commands
  }

  get session(): string | undefined {
    return this.#configuring?.session
  }

  get mode(): ConfigMode | undefined {
    return this.#configuring?.mode
  }

  get autoComplete(): boolean {
    return this.#options.autoComplete
  }

  run(command: Command, options: CliOptions): Reply {
    this.#options = options
    const line = command.cmd.trim()
    this.device.settle()
    this.device.handsAt('before', line)
    this.#count(line)
    this.#catchUp()
    const reply = this.#answer(line, command)
    this.device.sessions.note()
    const error = reply.ok ? this.device.faults.errorLine(line) : undefined
    this.device.handsAt('behind', line)
    return error === undefined ? reply : saidToo(reply, `% ${error}`)
  }

  #answer(line: string, command: Command) {
    const fault = this.device.faults.refusedCommand(line)
    if (fault !== undefined) return refused(fault.errors, fault.code)
    if (this.#denies(line)) return refused(`Authorization denied for command '${line}'`, 1005)
    if (this.#configuring !== undefined) return this.#configure(line, command, this.#configuring)
    return line === '' || line.startsWith('!') ? DONE : this.#exec({ ...command, cmd: line })
  }

  #denies(line: string) {
    const { local } = this.user
    if (local === undefined || line === '') return false
    const depth = this.#configuring?.mode.depth
    const mode = depth === undefined ? 'exec' : depth === 0 ? 'config' : 'submode'
    return isDenied(this.device.running, local.role, mode, line)
  }

  close(): void {
    this.leaveConfig()
    this.device.lock.leave(this)
  }

  lockedOut(): CliRefusal | undefined {
    const holder = this.device.lock.against(this, this.user)
    return holder === undefined ? undefined : refused(this.device.behaviour.says.locked.replace('%s', holder.user))
  }

  enterConfig(): Reply {
    this.leaveConfig()
    const refusal = this.lockedOut()
    if (refusal !== undefined) return refusal
    const base = this.device.running
    this.#configuring = { mode: this.device.config.mode(base), session: undefined, typed: [], base }
    return DONE
  }

  enterSession(name: string | undefined): Reply {
    this.leaveConfig()
    const refusal = this.lockedOut()
    if (refusal !== undefined) return refusal
    const opened = this.device.sessions.open(name, this.user)
    if ('ok' in opened) return opened
    const { name: session, candidate: base, typed } = opened
    this.#configuring = { mode: this.device.config.mode(base), session, typed: [...typed], base }
    this.#enter(session)
    return DONE
  }

  leaveConfig(): void {
    if (this.session === undefined) this.#catchUp()
    const configuring = this.#configuring
    if (configuring === undefined) return
    const { mode, session, typed } = configuring
    typed.push(...Array.from({ length: mode.depth }, (): Command => ({ cmd: 'exit' })))
    mode.finish()
    this.flush()
    this.#configuring = undefined
    if (session === undefined) return
    this.device.sessions.leave(session, this.user)
    this.#enter(undefined)
  }

  resetSession(candidate: ConfigTree, command: Command): Reply {
    const refusal = uneditable(this.device, this.session ?? '')
    if (refusal !== undefined) return refusal
    const mode = this.device.config.mode(candidate)
    const typed = [...(this.#configuring?.typed ?? []), command]
    this.#configuring = { mode, session: this.session, typed, base: this.#configuring?.base ?? candidate }
    return DONE
  }

  flush(): void {
    if (this.session === undefined) this.#catchUp()
    if (this.#configuring === undefined) return
    const { mode, session, typed } = this.#configuring
    if (session === undefined) this.device.config.run(mode.tree)
    else this.device.sessions.update(session, mode.tree, typed)
    this.#configuring.base = this.#outside(session) ?? this.#configuring.base
  }

  #outside(session: string | undefined) {
    return session === undefined ? this.device.running : this.device.sessions.get(session)?.candidate
  }

  // Goes on from what others made of the configuration since it was last seen from here, in the same submodes.
  #catchUp() {
    const configuring = this.#configuring
    if (configuring === undefined) return
    const { session, base, mode } = configuring
    const outside = this.#outside(session)
    if (outside === undefined || outside === base) return
    const path = mode.path.map(({ line }) => line)
    const typed = session === undefined ? [] : [...(this.device.sessions.get(session)?.typed ?? [])]
    this.#configuring = { mode: this.device.config.mode(outside, path), session, typed, base: outside }
  }

  #enter(session: string | undefined) {
    const { terminal } = this.user
    if (terminal !== undefined) this.device.terminals.enter(terminal, session)
  }

  textsOf(line: string): 0 | 1 | 2 {
    if (this.mode === undefined) return 0
    const expanded = expandConfigLine(line.trim(), this.#modes())
    return 'ambiguous' in expanded ? 0 : this.mode.textsOf(expanded.line)
  }

  nextWords(line: string): readonly string[] {
    const words = line.trimStart().split(/\s+/)
    const typed = words.at(-1) ?? ''
    if (this.mode !== undefined && !isExecWord(words[0] ?? '')) {
      return words.length > 1 ? [] : configWords(this.#modes()).filter((word) => word.startsWith(typed))
    }
    return nextWords(this.#commands, words)
  }

  #modes(): readonly string[] {
    return ['root', ...(this.mode?.path.map(({ mode }) => mode) ?? [])]
  }

  #exec(command: Command) {
    this.flush()
    const [line, ...pipes] = splitPipes(command.cmd)
    const tokens = line.split(/\s+/)
    const match = matchWords(this.#commands, tokens, this.autoComplete)
    const { format } = this.#options
    if ('fault' in match) {
      const recorded = recordedReply(this.device, line, () => undefined)
      return recorded === undefined
        ? wordFault(match, tokens, this.device.behaviour)
        : throughPipes(recorded, pipes, format)
    }
    if (match.found.privileged && !this.privileged) return refused('Invalid input (privileged mode required)', 1002)
    const privilege = this.privileged ? 15 : this.user.privilege
    this.device.commandLog.write({ at: this.device.now, by: this.user, privilege, cmd: command.cmd })
    const run = () => match.found.run(this, match.args, { ...command, cmd: match.line })
    return throughPipes(recordedReply(this.device, match.line, run) ?? run(), pipes, format)
  }

  #configure(line: string, command: Command, configuring: OpenConfigMode) {
    if (!this.autoComplete) return this.#configLine(line, command, configuring)
    const expanded = expandConfigLine(line, this.#modes())
    if ('ambiguous' in expanded) {
      return wordFault({ fault: 'ambiguous', token: expanded.ambiguous }, line.split(/\s+/), this.device.behaviour)
    }
    const whole = expanded.line === line ? command : { ...command, cmd: expanded.line }
    return this.#configLine(expanded.line, whole, configuring)
  }

  #configLine(line: string, command: Command, configuring: OpenConfigMode) {
    if (line === '' || (line.startsWith('!') && !line.startsWith('!!'))) return DONE
    if (line === 'end' || (line === 'exit' && configuring.mode.depth === 0)) {
      this.leaveConfig()
      return DONE
    }
    const verb = sessionVerb(this, { ...command, cmd: line })
    if (verb !== undefined) return verb
    const exec = configuring.mode.prints(line) ? undefined : execInConfig(line, this.#modes())
    if (exec === undefined) return this.#type(command, configuring)
    const { session } = configuring
    const { device, user } = this
    device.commandLog.writeInConfig({ at: device.now, device: device.name, session, line, user: user.user })
    const reply = this.#exec({ ...command, cmd: exec })
    return hasNoEffect(exec, reply) ? DONE : reply
  }

  paste(text: string): readonly string[] {
    const said: string[] = []
    this.#configuring?.mode.finish()
    for (const { at, command } of pastedCommands(text, (line) => this.mode?.textsOf(line) ?? 0)) {
      const reply = this.#configuring === undefined ? DONE : this.#type(command, this.#configuring)
      if (reply.ok) said.push(...(reply.messages ?? []))
      else said.push(`> ${command.cmd}`, `% Invalid input at line ${at}`)
    }
    this.#configuring?.mode.finish()
    return said
  }

  #type(command: Command, configuring: OpenConfigMode) {
    const reply = typeLine(this.device, configuring, command, this.user.terminal !== undefined)
    if (reply.ok && configuring.session === undefined) this.flush()
    return reply
  }

  asks(line: string): string | undefined {
    if (this.#configuring === undefined || this.user.terminal === undefined) return undefined
    return this.device.faults.saysOf('line-question', line.trim(), this.#configuring.typed.length + 1)[0]
  }

  #count(line: string) {
    const { commands } = this.device.counters
    const word = line.split(/\s+/, 1)[0] ?? ''
    commands[word] = (commands[word] ?? 0) + 1
  }
}

interface PastedCommand {
  readonly at: number
  readonly command: Command
}

// `textsOf` is asked for each when those before it were typed, because the mode says how many texts, closed by `EOF`, follow.
function* pastedCommands(text: string, textsOf: (line: string) => number): Generator<PastedCommand> {
  const rows = text.split(/\r?\n/)
  for (let at = 0; at < rows.length; at += 1) {
    const cmd = rows[at] ?? ''
    const line = cmd.trim()
    if (line === '' || line === 'end' || (line.startsWith('!') && !line.startsWith('!!'))) continue
    const texts = textsOf(line)
    if (texts === 0) yield { at: at + 1, command: { cmd } }
    else {
      const until = closingRow(rows, at + 1, texts)
      yield { at: at + 1, command: { cmd, input: rows.slice(at + 1, until).join('\n') } }
      at = until
    }
  }
}

function closingRow(rows: readonly string[], from: number, texts: number) {
  let left = texts
  for (let at = from; at < rows.length; at += 1) {
    if (rows[at]?.trim() === 'EOF') left -= 1
    if (left === 0) return at
  }
  return rows.length
}

function recordedReply({ options }: Switch, line: string, computed: () => Reply | undefined): Reply | undefined {
  const found = options.recorded?.get(line.replace(/\s+/g, ' ').trim())
  if (found === undefined) return undefined
  const { json, text } = found
  const rest = json === undefined || text === undefined ? computed() : undefined
  return {
    ...(rest?.ok === true ? rest : { ok: true, stable: true }),
    ...(json === undefined ? {} : { json: () => json }),
    ...(text === undefined ? {} : { text: () => text }),
  }
}

// The switch's words for a line that no command fits (docs/eos.md 1.4): `Invalid input (at token 1: 'bogus')`.
function wordFault(
  match: Extract<WordMatch<unknown>, { fault: string }>,
  tokens: readonly string[],
  { incomplete, firstWordToken }: Behaviour,
) {
  const said = {
    invalid: 'Invalid input',
    'incomplete-token': 'Incomplete token',
    'incomplete-command': incomplete,
    ambiguous: 'Ambiguous command',
  }[match.fault]
  const token = match.fault === 'invalid' && match.token === 0 ? firstWordToken : match.token
  return refused(`${said} (at token ${token}: '${tokens[match.token] ?? ''}')`, 1002)
}
