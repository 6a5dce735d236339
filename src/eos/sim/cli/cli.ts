import type { Command } from '../../../model/command.ts'
import type { ConfigTree } from '../../config/text/tree.ts'
import { type CliRefusal, DONE, type Reply, refused, saidToo } from '../platform/reply.ts'
import type { ConfigMode } from '../switch/config-mode.ts'
import type { Switch } from '../switch/switch.ts'
import type { CliSession, CliUser } from './command/cli-session.ts'
import { isDenied } from './command/command-authorization.ts'
import { type CommandSet, matchWords, nextWords } from './command/command-words.ts'
import type { ExecCommand } from './command/exec-command.ts'
import { splitPipes, throughPipes } from './command/pipe.ts'
import { sessionVerb } from './command/session-verbs.ts'
import { configWords, expandConfigLine } from './config-abbreviation.ts'
import { execInConfig, hasNoEffect, isExecWord } from './exec-in-config.ts'
import { type OpenConfigMode, typeLine, uneditable } from './open-config-mode.ts'
import { pastedCommands } from './pasted-commands.ts'
import { recordedReply } from './recorded.ts'
import { wordFault } from './word-fault.ts'

/** How lines are understood. */
export interface CliOptions {
  /** Whether beginnings of words count. */
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

  /** The config session this CLI is in. */
  get session(): string | undefined {
    return this.#configuring?.session
  }

  /** The config mode this CLI is in. */
  get mode(): ConfigMode | undefined {
    return this.#configuring?.mode
  }

  get autoComplete(): boolean {
    return this.#options.autoComplete
  }

  /** Runs one typed line. Never throws for what a user can type. */
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

  #answer(line: string, command: Command): Reply {
    const fault = this.device.faults.refusedCommand(line)
    if (fault !== undefined) return refused(fault.errors, fault.code)
    if (this.#denies(line)) return refused(`Authorization denied for command '${line}'`, 1005)
    if (this.#configuring !== undefined) return this.#configure(line, command, this.#configuring)
    return line === '' || line.startsWith('!') ? DONE : this.#exec({ ...command, cmd: line })
  }

  #denies(line: string): boolean {
    const { local } = this.user
    if (local === undefined || line === '') return false
    const depth = this.#configuring?.mode.depth
    const mode = depth === undefined ? 'exec' : depth === 0 ? 'config' : 'submode'
    return isDenied(this.device.running, local.role, mode, line)
  }

  /** Ends the CLI: what stands in an open mode is kept, as `end` would. */
  close(): void {
    this.leaveConfig()
    this.device.lock.leave(this)
  }

  /** Why another CLI's configure lock keeps this one out of config modes. */
  lockedOut(): CliRefusal | undefined {
    const holder = this.device.lock.against(this, this.user)
    return holder === undefined ? undefined : refused(this.device.behaviour.says.locked.replace('%s', holder.user))
  }

  /** `configure`: lines are live at once. */
  enterConfig(): Reply {
    this.leaveConfig()
    const refusal = this.lockedOut()
    if (refusal !== undefined) return refusal
    const base = this.device.running
    this.#configuring = { mode: this.device.config.mode(base), session: undefined, typed: [], base }
    return DONE
  }

  /** `configure session NAME`. */
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

  /** Back to exec mode; a session stays pending with what it holds. */
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

  /** Puts another candidate in the session's place and goes on from its root. */
  resetSession(candidate: ConfigTree, command: Command): Reply {
    const refusal = uneditable(this.device, this.session ?? '')
    if (refusal !== undefined) return refusal
    const mode = this.device.config.mode(candidate)
    const typed = [...(this.#configuring?.typed ?? []), command]
    this.#configuring = { mode, session: this.session, typed, base: this.#configuring?.base ?? candidate }
    return DONE
  }

  /** Lets the switch see what was typed so far. */
  flush(): void {
    if (this.session === undefined) this.#catchUp()
    if (this.#configuring === undefined) return
    const { mode, session, typed } = this.#configuring
    if (session === undefined) this.device.config.run(mode.tree)
    else this.device.sessions.update(session, mode.tree, typed)
    this.#configuring.base = this.#outside(session) ?? this.#configuring.base
  }

  /** What the switch holds of what is edited here. */
  #outside(session: string | undefined): ConfigTree | undefined {
    return session === undefined ? this.device.running : this.device.sessions.get(session)?.candidate
  }

  /** Goes on from what others made of the configuration since it was last seen from here, in the same submodes. */
  #catchUp(): void {
    const configuring = this.#configuring
    if (configuring === undefined) return
    const { session, base, mode } = configuring
    const outside = this.#outside(session)
    if (outside === undefined || outside === base) return
    const path = mode.path.map(({ line }) => line)
    const typed = session === undefined ? [] : [...(this.device.sessions.get(session)?.typed ?? [])]
    this.#configuring = { mode: this.device.config.mode(outside, path), session, typed, base: outside }
  }

  #enter(session: string | undefined): void {
    const { terminal } = this.user
    if (terminal !== undefined) this.device.terminals.enter(terminal, session)
  }

  /** How many texts, each closed by `EOF`, a line wants before it can run. */
  textsOf(line: string): 0 | 1 | 2 {
    if (this.mode === undefined) return 0
    const expanded = expandConfigLine(line.trim(), this.#modes())
    return 'ambiguous' in expanded ? 0 : this.mode.textsOf(expanded.line)
  }

  /** The words that can stand where a typed line ends; `<cr>` among them where it is a whole command. */
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

  #exec(command: Command): Reply {
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
    const run = (): Reply => match.found.run(this, match.args, { ...command, cmd: match.line })
    return throughPipes(recordedReply(this.device, match.line, run) ?? run(), pipes, format)
  }

  #configure(line: string, command: Command, configuring: OpenConfigMode): Reply {
    if (!this.autoComplete) return this.#configLine(line, command, configuring)
    const expanded = expandConfigLine(line, this.#modes())
    if ('ambiguous' in expanded) {
      return wordFault({ fault: 'ambiguous', token: expanded.ambiguous }, line.split(/\s+/), this.device.behaviour)
    }
    const whole = expanded.line === line ? command : { ...command, cmd: expanded.line }
    return this.#configLine(expanded.line, whole, configuring)
  }

  #configLine(line: string, command: Command, configuring: OpenConfigMode): Reply {
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

  /**
   * Types a text into the session from its root, as `copy terminal: session-config` does; gives what it says about the
   * rows it does not take, by their numbers from 1.
   */
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

  #type(command: Command, configuring: OpenConfigMode): Reply {
    const reply = typeLine(this.device, configuring, command, this.user.terminal !== undefined)
    if (reply.ok && configuring.session === undefined) this.flush()
    return reply
  }

  /** What the switch asks on a terminal before it takes a line. */
  asks(line: string): string | undefined {
    if (this.#configuring === undefined || this.user.terminal === undefined) return undefined
    return this.device.faults.saysOf('line-question', line.trim(), this.#configuring.typed.length + 1)[0]
  }

  #count(line: string): void {
    const { commands } = this.device.counters
    const word = line.split(/\s+/, 1)[0] ?? ''
    commands[word] = (commands[word] ?? 0) + 1
  }
}
