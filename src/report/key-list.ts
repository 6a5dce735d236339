import { count, present } from './text/text.ts'

export interface ListedKey {
  readonly key: string
  readonly use: string
  /** The name of an environment variable, or a file; absent for one that is not there yet. */
  readonly source?: string
  readonly fingerprint?: string
  readonly next?: string
  readonly isStillNext?: boolean
  readonly replaced: number
}

/** One key of an installation, in a few lines. */
export function keyLines({ key, use, source, fingerprint, next, isStillNext, replaced }: ListedKey): string {
  const from = source === undefined ? 'made the first time that it is needed' : source
  const before = replaced === 0 ? '' : `, has replaced ${count(replaced, 'key')}`
  const lines = present(
    from + before,
    fingerprint !== undefined && (next === undefined ? fingerprint : `${fingerprint}, next: ${next}`),
    isStillNext === true &&
      '! it is given as the next key: give it as the present one, and the one before it as an old one',
  )
  return `${key.padEnd(12)}${use}\n${lines.map((line) => `${' '.repeat(12)}${line}\n`).join('')}`
}
