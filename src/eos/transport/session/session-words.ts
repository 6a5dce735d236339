import { EosflowError } from '../../../model/error.ts'

// A name that cannot carry a second word into the command line.
const NAME = /^[A-Za-z0-9][\w.-]*$/
const DAY = 86_400

/** Throws `bug` for anything else. */
export function nameWord(name: string): string {
  if (!NAME.test(name)) throw new EosflowError('bug', `not the name of a config session or checkpoint: ${name}`)
  return name
}

/** `hh:mm:ss`, the argument of `commit timer` (docs/eos.md 2.1). */
export function timerWord(seconds: number): string {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds >= DAY) {
    throw new EosflowError('bug', `not a commit timer between 1 second and a day: ${seconds}`)
  }
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}
