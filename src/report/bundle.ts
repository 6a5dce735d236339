import { count, short } from './text/count.ts'
import { visibleLine } from './text/visible.ts'

/** A published bundle in a list. */
export interface ListedBundle {
  /** Its digest. */
  readonly bundle: string
  /** How many files it has. */
  readonly files: number
  /** When it was published, ISO 8601 in UTC, and by whom. */
  readonly at: string
  readonly by: string
  /** The version of eosflow that has validated it. */
  readonly tool: string
  readonly reason?: string
}

/** A published bundle with the digest of each of its files, sorted by path. */
export interface ShownBundle extends ListedBundle {
  readonly paths: readonly { readonly path: string; readonly digest: string }[]
}

/** What differs between two bundles, or between a bundle and the folder of the project where `to` is absent. Paths are sorted. */
export interface BundleDifference {
  readonly from: string
  readonly to?: string
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly string[]
}

/** What was published. */
export interface PublishedBundle {
  /** Its digest. */
  readonly bundle: string
  /** How many files it has. */
  readonly files: number
  /** Whether it is another one than the one before. */
  readonly isNew: boolean
  /** The digest of the bundle before it. */
  readonly before?: string
}

/** Bundles, one line each, the one in force first. */
export function bundlesText(bundles: readonly ListedBundle[]): string {
  if (bundles.length === 0) return 'Nothing is published in this store\n'
  return bundles.map((one, index) => `${index === 0 ? '*' : ' '} ${line(one)}\n`).join('')
}

/** A bundle and its files. */
export function bundleText(shown: ShownBundle): string {
  const rows = shown.paths.map(({ path, digest }) => `  ${short(digest)}  ${visibleLine(path)}\n`)
  return `${shown.bundle}\n${line(shown)}\n${rows.join('')}`
}

/** What differs, one line for each file: `+` added, `-` removed, `~` changed. */
export function differenceText({ from, to, added, removed, changed }: BundleDifference): string {
  const end = to === undefined ? 'the folder' : short(to)
  const rows = [
    ...added.map((path) => `+ ${path}`),
    ...removed.map((path) => `- ${path}`),
    ...changed.map((path) => `~ ${path}`),
  ]
  if (rows.length === 0) return `${short(from)} and ${end} have the same files\n`
  return `From ${short(from)} to ${end}:\n${rows.map((row) => `${visibleLine(row)}\n`).join('')}`
}

/** What was published, in one line. */
export function publishedText({ bundle, files, isNew, before }: PublishedBundle): string {
  if (!isNew) return `Nothing is new: ${count(files, 'file')} as they are published: ${bundle}`
  const instead = before === undefined ? '' : `, in place of ${short(before)}`
  return `Published ${count(files, 'file')}: ${bundle}${instead}`
}

function line({ bundle, files, at, by, reason }: ListedBundle): string {
  const why = reason === undefined ? '' : ` · ${reason}`
  return visibleLine(`${short(bundle)}  ${at}  ${count(files, 'file')}  ${by}${why}`)
}
