import { sha256 } from '../../model/digest.ts'
import { problemOf, type ValueOrProblems } from '../../model/error.ts'
import { definedMembers, isJsonObject, type Json } from '../../model/json.ts'
import { readMachineJson } from '../../text/source/json.ts'
import { accept, refuse } from '../../text/source/located.ts'
import type { ListForm } from './hosts/roster.ts'

const VERSION = 1

interface ReadBranch {
  readonly name: string
  readonly schema: string
  // When it was last synced with main, as NetBox writes it; null where it never was.
  readonly lastSync: string | null
}

export interface CachedAnswer {
  readonly kind: string
  readonly source: string
  /** When it was read to its end, in milliseconds of wall time. */
  readonly time: number
  readonly digest: string
  /** What the service calls this state of its list; null where it has no word for it. */
  readonly etag: string | null
  readonly count: number
  readonly switches: number
  readonly warnings: readonly string[]
  readonly list: ListForm
  /** The branch of a NetBox that it was read from, and when that was last synced; absent for main. */
  readonly branch?: ReadBranch
}

export function cachedAnswer(
  list: ListForm,
  { kind, source, time, warnings, branch }: Pick<CachedAnswer, 'kind' | 'source' | 'time' | 'warnings' | 'branch'>,
): CachedAnswer {
  const digest = sha256(JSON.stringify(list))
  return {
    kind,
    source,
    time,
    digest,
    etag: null,
    ...countsOf(list),
    warnings,
    list,
    ...definedMembers({ branch }),
  }
}

export function cachedText({ time, ...rest }: CachedAnswer): string {
  return `${JSON.stringify({ version: VERSION, ...rest, time: new Date(time).toISOString() })}\n`
}

/** What was cut, edited or made by a later eosflow is a problem with a reason, never an empty answer: the digest and both counts must be those of the list. */
export function readCached(text: string | Uint8Array, file: string): ValueOrProblems<CachedAnswer> {
  const read = readMachineJson(text, file)
  if (!read.ok) return refuse(broken(file, read.problems[0].message))
  const { value } = read
  if (!isJsonObject(value)) return refuse(broken(file, 'it is no object'))
  const { version, kind, source, time, digest, etag, count, switches, warnings, list, branch } = value
  if (version !== VERSION)
    return refuse(broken(file, `its version is ${JSON.stringify(version ?? null)}, and ${VERSION} is read`))
  const at = typeof time === 'string' ? Date.parse(time) : Number.NaN
  const isNamed = typeof kind === 'string' && typeof source === 'string' && !Number.isNaN(at)
  if (!isNamed || !isListForm(list) || !isTexts(warnings) || !isBranch(branch))
    return refuse(broken(file, 'a member of it is missing or of another kind'))
  const made = cachedAnswer(list, { kind, source, time: at, warnings, ...definedMembers({ branch }) })
  if (made.digest !== digest) return refuse(broken(file, 'it does not have its digest'))
  if (made.count !== count || made.switches !== switches) return refuse(broken(file, 'it does not have its counts'))
  return accept({ ...made, etag: typeof etag === 'string' ? etag : null })
}

function isListForm(list: Json | undefined): list is Json & ListForm {
  return isJsonObject(list) && isJsonObject(list._meta) && isJsonObject(list._meta.hostvars)
}

const isBranch = (value: Json | undefined): value is (NonNullable<CachedAnswer['branch']> & Json) | undefined =>
  value === undefined ||
  (isJsonObject(value) &&
    typeof value.name === 'string' &&
    typeof value.schema === 'string' &&
    (value.lastSync === null || typeof value.lastSync === 'string'))

const isTexts = (value: Json | undefined): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')

const broken = (file: string, why: string) =>
  problemOf(
    file,
    'inventory-cache',
    `this cached answer of a source cannot be read: ${why}`,
    'Delete the file, and ask the source again.',
  )

const EOS: readonly unknown[] = ['eos', 'arista.eos.eos']

export function namesIn({ list }: Pick<CachedAnswer, 'list'>): ReadonlySet<string> {
  const { _meta: meta, ...groups } = list
  const names = new Set(Object.keys(meta.hostvars))
  for (const group of Object.values(groups)) {
    const hosts = Array.isArray(group) ? group : 'hosts' in group ? group.hosts : []
    for (const host of hosts as readonly string[]) names.add(host)
  }
  return names
}

function countsOf(list: ListForm): Pick<CachedAnswer, 'count' | 'switches'> {
  const vars = Object.values(list._meta.hostvars)
  const switches = vars.filter(({ ansible_network_os: os }) => EOS.includes(os))
  return { count: namesIn({ list }).size, switches: switches.length }
}

/** Of two answers of one source, what the later one has less of: `hosts` or `switches`; undefined where it has more than half of each. */
export function farFewer(
  before: Pick<CachedAnswer, 'count' | 'switches'>,
  now: Pick<CachedAnswer, 'count' | 'switches'>,
): { readonly what: 'hosts' | 'switches'; readonly before: number; readonly now: number } | undefined {
  if (before.count > 0 && now.count * 2 <= before.count) return { what: 'hosts', before: before.count, now: now.count }
  if (before.switches > 0 && now.switches * 2 <= before.switches) {
    return { what: 'switches', before: before.switches, now: now.switches }
  }
  return undefined
}
