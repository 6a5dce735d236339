import { count } from './count.ts'

/** One key of an installation, as the list shows it. */
export interface ListedKey {
  readonly key: string
  readonly use: string
  /** The name of an environment variable, or a file; absent for one that is not there yet. */
  readonly source?: string
  readonly fingerprint?: string
  /** The one that takes its place when it is rotated, named like it. */
  readonly next?: string
  /** How many keys it has replaced. */
  readonly replaced: number
}

/** One key of an installation, in two or three lines. */
export function keyLines({ key, use, source, fingerprint, next, replaced }: ListedKey): string {
  const from = source === undefined ? 'made the first time that it is needed' : source
  const before = replaced === 0 ? '' : `, has replaced ${count(replaced, 'key')}`
  return `${key.padEnd(12)}${use}\n${' '.repeat(12)}${from}${before}\n${fingerprint === undefined ? '' : `${' '.repeat(12)}${fingerprint}${next === undefined ? '' : `, next: ${next}`}\n`}`
}
