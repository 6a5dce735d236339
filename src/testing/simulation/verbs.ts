/** What one request is to the protocol. `look` and `read` change nothing; a `plan` opens a session and aborts it. */
export type Verb = 'look' | 'read' | 'plan' | 'stage' | 'arm' | 'confirm' | 'abort' | 'save' | 'restore' | 'other'

/** A request as the checker reads it: by its commands alone. */
export interface Request {
  readonly verb: Verb
  readonly session: string
  readonly seconds: number
}

const OPEN = /^configure session (\S+)(?: (commit|abort)(?: timer (\d\d):(\d\d):(\d\d))?)?$/

/** Reads the commands of a request. */
export function requestOf(commands: readonly string[]): Request {
  let read = false
  let found: Request | undefined
  for (const command of commands) {
    if (command === 'copy running-config startup-config') return { verb: 'save', session: '', seconds: 0 }
    if (command.startsWith('configure replace ')) return { verb: 'restore', session: '', seconds: 0 }
    if (command === 'show running-config') read = true
    if (command.startsWith('configure checkpoint save ') && found !== undefined) found = { ...found, verb: 'stage' }
    const open = OPEN.exec(command)
    if (open === null) continue
    const [, session = '', act, hours = '0', minutes = '0', seconds = '0'] = open
    if (act === undefined) found = { verb: 'other', session, seconds: 0 }
    else if (act === 'abort') found = { verb: found === undefined ? 'abort' : 'plan', session, seconds: 0 }
    else {
      const timer = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)
      found = { verb: timer > 0 ? 'arm' : 'confirm', session, seconds: timer }
    }
  }
  return found ?? { verb: read ? 'read' : 'look', session: '', seconds: 0 }
}

/** Whether a request can change a switch. */
export function changes({ verb }: Request): boolean {
  return verb !== 'look' && verb !== 'read'
}
