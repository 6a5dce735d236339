import type { Command } from '../../../model/command.ts'
import type { ConfigTree } from '../../config/text/tree.ts'
import { type CliRefusal, DONE, type Reply, refused, saidToo } from '../platform/reply.ts'
import type { ConfigMode } from '../switch/config-mode.ts'
import type { Switch } from '../switch/switch.ts'

/** A config mode that a CLI is in. */
export interface OpenConfigMode {
  readonly mode: ConfigMode
  /** The session that is edited; undefined where lines are live at once. */
  readonly session: string | undefined
  /** What was typed into the session, in this CLI and in those before it. */
  readonly typed: Command[]
  /** The configuration as the switch last saw it from here: another one there means that others changed it. */
  base: ConfigTree
}

/**
 * Types one line into it: refused by a fault, or by the mode, or taken with what the switch says of it. On a terminal
 * what the switch asks about a line was answered before.
 */
export function typeLine(device: Switch, configuring: OpenConfigMode, command: Command, onTerminal: boolean): Reply {
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
  const boot = bootLine(device, line)
  const reply = boot ?? mode.type(command)
  if (reply.ok && session !== undefined) typed.push(command)
  return says.reduce(saidToo, reply)
}

const BOOT = /^(?:(no|default) )?boot (system|secret)\b ?(.*)$/

/**
 * `boot system` and `boot secret` act at once, whatever mode they are typed in: they are written to the file boot-config,
 * and no abort takes them back (a published transcript). Undefined where the line is kept in the configuration as well, as
 * `boot secret` is, and `boot system` where the configuration has such a line [I].
 */
function bootLine({ config }: Switch, line: string): Reply | undefined {
  const [, no, what, value = ''] = BOOT.exec(line) ?? []
  if (what === undefined) return undefined
  const set = no === undefined ? value : undefined
  if (what === 'secret') config.boot.secret = set
  else config.boot.system = set
  const isKept = what === 'secret' || config.running.children.some((node) => node.line.startsWith('boot system '))
  return isKept ? undefined : DONE
}

/** Why a session takes no lines: it is armed, or it is gone. */
export function uneditable({ sessions, behaviour }: Switch, session: string): CliRefusal | undefined {
  const state = sessions.get(session)?.state
  if (state === 'pending') return undefined
  return refused(behaviour.says[state === 'armed' ? 'armed' : 'notFound'].replace('%s', session))
}
