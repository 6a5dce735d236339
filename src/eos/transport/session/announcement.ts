import type { Command } from '../../../model/command.ts'

const LONGEST = 200

/** Writes a line into the switch's own log: who changes it, and by which execution (`send log`, as ANTA sends it to real switches). */
export function announcement(text: string): Command {
  const words = text.replace(/[^A-Za-z0-9 ._:@/+=,()-]/g, '_').slice(0, LONGEST)
  return { cmd: `send log level informational message ${words}` }
}
