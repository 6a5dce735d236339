import type { Command } from '../../../../model/command.ts'
import { renderConfig } from '../../../config/text/parse.ts'
import type { ConfigTree } from '../../../config/text/tree.ts'
import { type CliRefusal, type Reply, refused, said } from '../../platform/facts.ts'
import type { ConfigMode } from '../../switch/config-mode.ts'
import type { Actor } from '../../switch/config-session.ts'
import type { Switch } from '../../switch/switch.ts'
import type { TerminalLine } from '../../switch/terminals.ts'
import type { WordArguments } from './command-words.ts'

/** The verbs of a config session: `commit`, `commit timer hh:mm:ss`, `abort`, `rollback clean-config`, `copy SOURCE session-config` (docs/eos.md 2.1). */
export function sessionVerb(cli: CliSession, command: Command): Reply | undefined {
  const words = command.cmd.split(/\s+/)
  const [verb] = words
  if (verb === 'commit' || verb === 'abort') return finishing(cli, words)
  if (verb === 'rollback') return rollback(cli, command, words)
  if (verb === 'copy' && words.at(-1) === 'session-config') return copyInto(cli, command, words)
  return undefined
}

function finishing(cli: CliSession, words: readonly string[]) {
  const { session } = cli
  if (session === undefined) return refused(`Invalid input (at token 0: '${words[0] ?? ''}')`, 1002)
  const act = sessionAct(cli, session, words)
  if (act === undefined) return refused(`Invalid input (at token 1: '${words[1] ?? ''}')`, 1002)
  cli.leaveConfig()
  return act()
}

/** What `commit`, `commit timer T` or `abort` does to a session; undefined when the words are none of these. */
export function sessionAct(cli: CliSession, session: string, words: readonly string[]): (() => Reply) | undefined {
  const [verb, option, argument = '', ...rest] = words
  if (rest.length > 0) return undefined
  if (verb === 'abort' && option === undefined) return () => cli.device.sessions.abort(session, cli.user)
  if (verb === 'commit' && option === undefined) return () => cli.device.sessions.commit(session, cli.user)
  const seconds = verb === 'commit' && option === 'timer' ? readTimer(argument) : undefined
  return seconds === undefined ? undefined : () => cli.device.sessions.commitTimer(session, seconds, cli.user)
}

function rollback(cli: CliSession, command: Command, words: readonly string[]) {
  if (cli.session === undefined) return refused(`Invalid input (at token 0: 'rollback')`, 1002)
  if (words.length !== 2 || words[1] !== 'clean-config') {
    return refused(`Invalid input (at token 1: '${words[1] ?? ''}')`, 1002)
  }
  return cli.resetSession(cli.device.config.clean, command)
}

function copyInto(cli: CliSession, command: Command, words: readonly string[]) {
  if (cli.session !== undefined && /^terminal:\/*$/.test(words[1] ?? '')) {
    return said(...cli.paste(command.input ?? ''), 'Copy completed successfully.')
  }
  const tree = cli.device.config.source(words[1] ?? '')
  if (cli.session === undefined || words.length !== 3) {
    return refused(`Invalid input (at token 2: 'session-config')`, 1002)
  }
  if (tree === undefined)
    return refused(`Error copying ${words[1] ?? ''} to session-config (No such file or directory)`)
  if (/^(flash|file):/.test(words[1] ?? '')) {
    return said(...cli.paste(renderConfig(tree)), 'Copy completed successfully.')
  }
  const { tree: taken, missing, isSilent } = cli.device.replayed(tree)
  const reset = cli.resetSession(taken, command)
  if (!reset.ok) return reset
  const left = isSilent ? [] : missing
  return said(
    ...left.flatMap(({ at, line }) => [`> ${line}`, `% Invalid input at line ${at}`]),
    'Copy completed successfully.',
  )
}

// The seconds of a commit timer `hh:mm:ss`, hours with one digit or two (docs/eos.md 2.1); undefined for anything else.
function readTimer(text: string) {
  const match = /^(\d{1,2}):([0-5]\d):([0-5]\d)$/.exec(text)
  if (match === null) return undefined
  const seconds = Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3])
  return seconds > 0 ? seconds : undefined
}

export interface ExecCommand {
  readonly words: string
  readonly privileged?: boolean
  readonly run: (cli: CliSession, args: WordArguments, command: Command) => Reply
}

export interface CliUser extends Actor {
  readonly privilege: number
  readonly enable?: (secret: string) => boolean
  readonly local?: { readonly role: string | undefined }
  readonly terminal?: TerminalLine
}

export interface CliSession {
  readonly device: Switch
  readonly user: CliUser
  privileged: boolean
  readonly session: string | undefined
  readonly mode: ConfigMode | undefined
  lockedOut(): CliRefusal | undefined
  enterConfig(): Reply
  enterSession(name: string | undefined): Reply
  leaveConfig(): void
  resetSession(candidate: ConfigTree, command: Command): Reply
  paste(text: string): readonly string[]
}
