import { versions } from 'node:process'
import { setFlagsFromString } from 'node:v8'

// The V8 whose flags were measured, that of Node 20: a later one prints at each command that it does not know a flag.
const MEASURED = '11.'

/** Sets a flag of V8, `--name=value`, where it is one whose flags were measured. */
export function setV8Flag(flag: string): void {
  if (versions.v8.startsWith(MEASURED)) setFlagsFromString(flag)
}
