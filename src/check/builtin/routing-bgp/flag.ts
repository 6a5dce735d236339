/** A flag of the switch as results print it. What the switch does not tell is not set. */
export function flag(value: boolean | undefined): string {
  return value === true ? 'True' : 'False'
}

/** All flags of an answer, as it orders them: `Advertised: True, Received: False`. */
export function flagsTold(flags: Readonly<Record<string, boolean>>): string {
  return Object.entries(flags)
    .map(([name, value]) => `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${flag(value)}`)
    .join(', ')
}
