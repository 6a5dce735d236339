import { count, short, visibleLine } from './text/text.ts'

export interface ListedBundle {
  readonly bundle: string
  readonly files: number
  /** When it was published, ISO 8601 in UTC, and by whom. */
  readonly at: string
  readonly by: string
  readonly tool: string
  readonly reason?: string
}

export interface ShownBundle extends ListedBundle {
  readonly paths: readonly { readonly path: string; readonly digest: string }[]
}

export interface BundleDifference {
  readonly from: string
  readonly to?: string
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly string[]
}

export interface PublishedBundle {
  readonly bundle: string
  readonly files: number
  readonly isNew: boolean
  readonly before?: string
}

export function bundlesText(bundles: readonly ListedBundle[]): string {
  if (bundles.length === 0) return 'Nothing is published in this store\n'
  return bundles.map((one, index) => `${index === 0 ? '*' : ' '} ${line(one)}\n`).join('')
}

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

export function publishedText({ bundle, files, isNew, before }: PublishedBundle): string {
  if (!isNew) return `Nothing is new: ${count(files, 'file')} as they are published: ${bundle}`
  const instead = before === undefined ? '' : `, in place of ${short(before)}`
  return `Published ${count(files, 'file')}: ${bundle}${instead}`
}

function line({ bundle, files, at, by, reason }: ListedBundle) {
  const why = reason === undefined ? '' : ` · ${reason}`
  return visibleLine(`${short(bundle)}  ${at}  ${count(files, 'file')}  ${by}${why}`)
}
