import { EXEC_WORDS } from '../../config/guard/exec-words.ts'
import { meaningOf } from '../../config/rules/rules.ts'
import type { Reply } from '../platform/reply.ts'
import { beginsLikeConfig } from '../switch/config-words.ts'

/** Exec commands whose first word begins configuration lines too. */
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

/** Commands of exec mode that the simulator carries out; what a switch would make of the others is not known here. */
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

/** What leaves a config mode or ends a session is no exec command there. */
const MODE_VERBS = new Set(['exit', 'end', 'abort', 'commit', 'rollback'])

/** Whether a word begins an exec command. */
export function isExecWord(word: string): boolean {
  return EXEC_WORDS.has(word)
}

/**
 * The exec command that a line typed in a config mode is, without `do`; undefined for a line of configuration. EOS runs exec
 * commands from any config mode, also inside of a config session, and they act at once (published transcripts).
 */
export function execInConfig(line: string, modes: readonly string[]): string | undefined {
  const exec = line.replace(/^do\s+/, '')
  if (exec !== line || SHARED.some((form) => form.test(exec))) return exec
  const word = firstWord(exec)
  if (!EXEC_WORDS.has(word) || MODE_VERBS.has(word)) return undefined
  const isConfig = modes.some((mode) => meaningOf(mode, exec).weight > 0) || beginsLikeConfig(exec, modes.length - 1)
  return isConfig && !CARRIED_OUT.has(word) ? undefined : exec
}

function firstWord(line: string): string {
  return line.split(/\s+/, 1)[0]?.toLowerCase() ?? ''
}

/** Whether a command was understood by nobody here, and by EOS would be: it is taken, and nothing comes of it. */
export function hasNoEffect(exec: string, reply: Reply): boolean {
  if (reply.ok || reply.code !== 1002) return false
  const word = firstWord(exec)
  return !CARRIED_OUT.has(word) && (EXEC_WORDS.has(word) || SHARED.some((form) => form.test(exec)))
}
