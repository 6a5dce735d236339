/** What one request is to the protocol. `look` and `read` change nothing; a `plan` opens a session and aborts it. */
export type Verb =
  | 'look'
  | 'read'
  | 'plan'
  | 'hold'
  | 'release'
  | 'stage'
  | 'replay'
  | 'prune'
  | 'arm'
  | 'confirm'
  | 'abort'
  | 'save'
  | 'restore'
  | 'other'

/** A request as the checker reads it: by its commands alone. */
export interface Request {
  readonly verb: Verb
  readonly session: string
  readonly seconds: number
  /** The owner session that it shows first. */
  readonly held?: string
}

const OWNER = /-own\d+$/
const PROOF = /^show session-config named (\S+-own\d+) diffs$/

const OPEN = /^configure session (\S+)(?: (commit|abort)(?: timer (\d\d):(\d\d):(\d\d))?)?$/

/** Reads the commands of a request: what is done last names it. */
export function requestOf(commands: readonly string[]): Request {
  return commands.reduce<Request>(further, { verb: 'look', session: '', seconds: 0 })
}

function further(known: Request, command: string): Request {
  const held = known.verb === 'look' ? PROOF.exec(command)?.[1] : undefined
  if (held !== undefined) return { ...known, held }
  if (command === 'copy running-config startup-config') return { ...known, verb: 'save' }
  if (/^copy checkpoint:\S+ session-config$/.test(command)) return { ...known, verb: 'replay' }
  if (command.startsWith('delete checkpoint:')) return { ...known, verb: 'prune' }
  if (command.startsWith('configure replace ')) return { ...known, verb: 'restore' }
  if (command === 'show running-config' && known.verb === 'look') return { ...known, verb: 'read' }
  if (command.startsWith('configure checkpoint save ')) return { ...known, verb: 'stage' }
  const open = OPEN.exec(command)
  return open === null ? known : inSession(known, open)
}

function inSession(
  known: Request,
  [, session = '', act, hours = '0', minutes = '0', seconds = '0']: RegExpExecArray,
): Request {
  const held = known.held === undefined ? {} : { held: known.held }
  if (act === undefined) return { verb: OWNER.test(session) ? 'hold' : 'other', session, seconds: 0, ...held }
  if (known.verb === 'replay') return known
  if (act === 'abort' && OWNER.test(session)) return { verb: 'release', session, seconds: 0 }
  if (act === 'abort') return { verb: known.verb === 'other' ? 'plan' : 'abort', session, seconds: 0, ...held }
  const timer = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)
  return { verb: timer > 0 ? 'arm' : 'confirm', session, seconds: timer, ...held }
}

/** Whether a request can change a switch. */
export function changes({ verb }: Request): boolean {
  return verb !== 'look' && verb !== 'read'
}
