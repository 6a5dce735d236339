import { printedFlag } from '../../answer/printed-flag.ts'

/** All flags of an answer, as it orders them: `Advertised: True, Received: False`. */
export function flagsTold(flags: Readonly<Record<string, boolean>>): string {
  return Object.entries(flags)
    .map(([name, value]) => `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${printedFlag(value)}`)
    .join(', ')
}
