import type { StoreKind } from './history-stores.ts'

/** What was measured: milliseconds of the clock and of CPU, and MiB, with the long history and beside it. */
export interface Measured {
  readonly what: string
  readonly exceeds: boolean
  readonly [more: string]: unknown
}

/** Milliseconds with the long history, and with the short one. */
export interface Beside {
  readonly long: number
  readonly short: number
}

/** At most so much longer than with the short history may take what gives no more for a longer one. */
const [MOST_TIMES, MOST_MORE] = [1.2, 50]

/** Whether what gives no more for a longer history takes longer than it may. */
export const isAbove = ({ long, short }: Beside): boolean => long > MOST_TIMES * short + MOST_MORE

/** The same of a command, and by which of the two it does. */
export function limitOf(kind: StoreKind, cpu: Beside, wall: Beside): Pick<Measured, 'exceeds' | 'above'> {
  const above = [...(isAbove(cpu) ? ['cpu'] : []), ...(isAbove(wall) ? ['wall'] : [])]
  // A clock also counts what others do on this machine, and a file is asked by the processor that is measured. What a database does is in the clock alone.
  return { exceeds: kind === 'postgres' ? above.length > 0 : above.includes('cpu'), above }
}
