import { inventorySchema } from '../../../change/inventory/schema.ts'
import type { SourceSettings } from '../../../change/inventory/source/source-settings.ts'
import type { Plan, PlanContent } from '../../../change/plan/plan.ts'
import { type CachedAnswer, cachedAnswer, cachedText, farFewer, namesIn } from '../../../change/roster/cached.ts'
import type { ListForm } from '../../../change/roster/hosts/roster.ts'
import { codeOf, EosflowError, type ErrorKind, problemOf } from '../../../model/error.ts'
import { isJsonObject, type Json } from '../../../model/json.ts'
import { Secret } from '../../../model/secret.ts'
import { isFault, readReference } from '../../../model/secret-reference.ts'
import { formatDuration } from '../../../text/source/duration.ts'
import { placeOf } from '../../../text/source/located.ts'
import { parseWith, readYaml } from '../../../text/source/yaml.ts'
import type { RecordApp } from '../../app/app.ts'
import { closeSecrets, type SecretsHost, secretsOf } from '../../app/secrets/open-secrets.ts'
import type { Project } from '../../files/project.ts'
import { certificateAuthority } from '../../files/project-text.ts'
import { writeAnswerFile } from '../../files/sources/cache-file.ts'
import { cachedAnswerOf } from '../../files/sources/cached-roster.ts'
import { remoteSource } from '../../files/sources/kept-source.ts'
import { readProgram } from '../../files/sources/read-program.ts'
import {
  answerName,
  type RemoteSource,
  readBranch,
  readOnBranch,
  readService,
  remoteName,
  type SourcePorts,
} from '../../files/sources/read-service.ts'
import { LOGIN_PASSWORDS } from '../../files/sources/read-source.ts'
import { keepPassword } from '../../files/sources/vault-passwords.ts'
import type { Caller } from '../../identity/caller-of.ts'
import type { Scrubber } from '../../secret/scrubber.ts'
import { systemRandom } from '../../system/machine/system-clock.ts'
import type { Console } from '../../system/process/console.ts'
import { hinted } from '../../system/process/hinted.ts'
import { InputError, inputError, problemText } from '../../system/process/input-error.ts'
import { noSeams } from '../../system/process/seams.ts'

export interface RefreshOptions {
  readonly offline?: boolean
  /** How old a kept answer may be that is used where a source is away, in seconds. */
  readonly age?: number
  /** Takes an answer that has at most half of what the last one had. */
  readonly acceptFewer?: boolean
}

type AnswerOrigin = 'source' | 'cache'

export interface RefreshResult {
  readonly source: string
  readonly from: AnswerOrigin
  /** When its answer was read, in milliseconds of wall time. */
  readonly time: number
  readonly count: number
  readonly gone: readonly string[]
  readonly added: readonly string[]
  readonly warnings: readonly string[]
}

/** Asks the sources of an inventory that have to be asked, one after the other, and keeps what they give; `cachedRoster` then reads it. Throws the first failure: `inventory-source`, `inventory-count`, `inventory-exec`, `inventory-fewer`, `secret`, `tls`, `guard`, `cancelled`, InputError for records that cannot be switches, and for a source without a kept answer where nothing may be asked. */
export async function refreshSources(
  app: SecretsHost,
  caller: Console,
  sources: readonly RemoteSource[],
  options: RefreshOptions = {},
): Promise<readonly RefreshResult[]> {
  const secrets = secretsOf(app)
  const { clock } = app.seams ?? noSeams
  const ports: SourcePorts = {
    resolve: (reference) => secrets.resolve(reference),
    readCa: (file) => authority(app.project, file),
    clock,
    signal: caller.stop,
  }
  const done: RefreshResult[] = []
  try {
    for (const source of sources) {
      done.push(options.offline === true ? kept(app, source) : await refreshOne(app, caller, source, ports, options))
    }
  } finally {
    await closeSecrets(secrets, caller)
  }
  return done
}

async function refreshOne(
  app: SecretsHost,
  caller: Console,
  source: RemoteSource,
  ports: SourcePorts,
  options: RefreshOptions,
): Promise<RefreshResult> {
  const before = lastAnswer(app, caller, source)
  let read: Asked
  try {
    read = await askSource(app, source, ports)
  } catch (error) {
    if (!(error instanceof EosflowError) || !AWAY.includes(error.kind)) throw error
    const age = before === undefined ? undefined : ageOf(before, ports.clock.now())
    if (before === undefined || age === undefined || age > (options.age ?? -1))
      throw away(app, error, before, age, options)
    caller.tell(`! ${error.message}; its answer of ${shownTime(before)} is used, which is ${shownAge(age)} old\n`)
    return refreshed('cache', before, before)
  }
  const clean = withoutLogins(read.list, remoteName(source), app.scrubber)
  const list = withoutSecrets(clean as unknown as Json, app.scrubber) as unknown as ListForm
  const { warnings, branch } = read
  const about = { kind: source.kind, source: remoteName(source), time: ports.clock.now(), warnings }
  const now = cachedAnswer(list, branch === undefined ? about : { ...about, branch })
  if (before !== undefined && options.acceptFewer !== true) requireEnough(app, before, now)
  keep(app, source, now)
  return refreshed('source', now, before)
}

const AWAY: readonly ErrorKind[] = ['inventory-source', 'inventory-count', 'inventory-exec']

type Asked = Pick<CachedAnswer, 'list' | 'warnings' | 'branch'>

async function askSource(app: SecretsHost, source: RemoteSource, ports: SourcePorts): Promise<Asked> {
  if (source.kind === 'exec')
    return {
      list: await readProgram(source.name, source.program, { env: app.env, dir: app.project.dir }, ports.signal),
      warnings: [],
    }
  const { settings, branch: name } = source
  const { branch, list, errors, warnings } =
    name === undefined
      ? { ...(await readService(source.kind, settings, ports)), branch: undefined }
      : await readOnBranch({ ...settings, branch: name }, ports)
  if (errors.length > 0) throw new InputError(errors)
  const said = { list, warnings: warnings.map(({ message }) => message) }
  return branch === undefined
    ? said
    : { ...said, branch: { name: branch.name, schema: branch.schema, lastSync: branch.lastSync } }
}

function lastAnswer(app: SecretsHost, caller: Console, source: RemoteSource) {
  const read = cachedAnswerOf(app.project.dir, source)
  if (read === undefined || read.ok) return read?.value
  for (const problem of read.problems) caller.tell(`! ${problemText(problem)}\n`)
  return undefined
}

// Throws InputError where there is none.
function kept(app: SecretsHost, source: RemoteSource): RefreshResult {
  const read = cachedAnswerOf(app.project.dir, source)
  if (read?.ok === true) return refreshed('cache', read.value, read.value)
  throw new InputError(read === undefined ? [noAnswer(app, source)] : read.problems)
}

function noAnswer(app: SecretsHost, source: RemoteSource) {
  return problemOf(
    remoteName(source),
    'inventory-cache',
    'it was not asked yet with these settings, and no answer of it is kept here',
    app.words({ code: 'refresh-inventory' }),
  )
}

function keep(app: SecretsHost, source: RemoteSource, answer: CachedAnswer) {
  try {
    writeAnswerFile(app.project.dir, answerName(source), cachedText(answer), systemRandom)
  } catch (error) {
    const code = codeOf(error)
    throw new EosflowError(
      'store',
      `${remoteName(source)}: what it gave cannot be kept below .eosflow/inventory (${code})`,
      {
        hint: 'Check the folder, its rights and its disk.',
        cause: error,
      },
    )
  }
}

// The age of an answer in seconds; undefined for one of the future, whose age nobody knows.
function ageOf({ time }: CachedAnswer, now: number) {
  return time > now ? undefined : Math.floor((now - time) / 1000)
}

function away(
  app: SecretsHost,
  error: EosflowError,
  before: CachedAnswer | undefined,
  age: number | undefined,
  options: RefreshOptions,
) {
  if (before === undefined) return error
  const old = age === undefined ? 'is of the future' : `is ${shownAge(age)} old`
  const allowed = options.age === undefined ? '' : `, and ${formatDuration(options.age)} are allowed`
  return new EosflowError(error.kind, `${error.message}; its last answer ${old} (${shownTime(before)})${allowed}`, {
    ...hinted(app, { code: 'inventory-age' }),
    cause: error,
  })
}

const shownTime = ({ time }: CachedAnswer) => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')

// Seconds for a minute, minutes for a day, then hours.
function shownAge(seconds: number) {
  const step = seconds < 60 ? 1 : seconds < 86_400 ? 60 : 3600
  return formatDuration(Math.floor(seconds / step) * step)
}

function requireEnough(app: SecretsHost, before: CachedAnswer, now: CachedAnswer) {
  const fewer = farFewer(before, now)
  if (fewer === undefined) return
  const day = shownTime(before).slice(0, 10)
  throw new EosflowError(
    'inventory-fewer',
    `${now.source}: ${fewer.now} ${fewer.what}, ${fewer.before} on ${day}; nothing of it is used`,
    hinted(app, { code: 'accept-fewer' }),
  )
}

function refreshed(from: AnswerOrigin, now: CachedAnswer, before: CachedAnswer | undefined): RefreshResult {
  const [names, last] = [namesIn(now), before === undefined ? new Set<string>() : namesIn(before)]
  return {
    source: now.source,
    from,
    time: now.time,
    count: now.count,
    gone: [...last].filter((name) => !names.has(name)),
    added: [...names].filter((name) => !last.has(name)),
    warnings: now.warnings,
  }
}

// What is kept in the place of a password.
const GONE = '<redacted>'

// A list without the passwords of logins in clear text, which are never used and would lie on the disk for nothing.
function withoutLogins(list: ListForm, label: string, scrubber: Pick<Scrubber, 'register'>) {
  const plain = (vars: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> => {
    const found = LOGIN_PASSWORDS.filter((name) => Object.hasOwn(vars, name) && clearText(vars[name]) !== undefined)
    for (const name of found) scrubber.register(new Secret(clearText(vars[name]) ?? ''), `${name} of ${label}`)
    return { ...vars, ...Object.fromEntries(found.map((name) => [name, GONE])) }
  }
  const { _meta: meta, ...groups } = list
  const hosts = Object.entries(meta.hostvars).map(([name, vars]) => [name, plain(vars)])
  const others = Object.entries(groups).map(([name, group]) => [
    name,
    'vars' in group && isJsonObject(group.vars as Json) ? { ...group, vars: plain(group.vars as never) } : group,
  ])
  return { _meta: { ...meta, hostvars: Object.fromEntries(hosts) }, ...Object.fromEntries(others) } as ListForm
}

function clearText(value: Json | undefined) {
  if (isJsonObject(value)) return typeof value.__ansible_unsafe === 'string' ? value.__ansible_unsafe : undefined
  if (typeof value === 'number') return String(value)
  return typeof value !== 'string' || value === '' || value.includes('{{') ? undefined : value
}

function withoutSecrets(value: Json, scrubber: Pick<Scrubber, 'scrub'>): Json {
  const text = JSON.stringify(value)
  return scrubber.scrub(text) === text ? value : scrubbed(value, scrubber)
}

function scrubbed(value: Json, scrubber: Pick<Scrubber, 'scrub'>): Json {
  if (typeof value === 'string') return scrubber.scrub(value)
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => scrubbed(one, scrubber))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [scrubber.scrub(key), scrubbed(one, scrubber)]))
}

interface Elsewhere {
  readonly sources: readonly RemoteSource[]
  readonly passwords: readonly string[]
}

/** Afterwards `project.inventory()` has it. What is wrong with `inventory.yaml` is said there. */
export async function askSources(
  app: SecretsHost,
  caller: Console,
  { kept = false, ...options }: RefreshOptions & { readonly kept?: boolean } = {},
): Promise<readonly RefreshResult[]> {
  const { sources, passwords } = elsewhere(app.project)
  if (passwords.length > 0) await askPasswords(app, caller, passwords)
  return kept || sources.length === 0 ? [] : refreshSources(app, caller, sources, options)
}

async function askPasswords(app: SecretsHost, caller: Console, references: readonly string[]) {
  const secrets = secretsOf(app)
  try {
    for (const reference of references) keepPassword(app, reference, await secrets.resolve(reference))
  } finally {
    await closeSecrets(secrets, caller)
  }
}

function elsewhere({ files, settings, netboxBranch }: Project): Elsewhere {
  const content = files(settings.inventory)
  const read = content === undefined ? undefined : readYaml(content, settings.inventory)
  const parsed = read?.ok === true ? parseWith(inventorySchema, read.value) : undefined
  if (read?.ok !== true || parsed?.ok !== true) return { sources: [], passwords: [] }
  const located = read.value
  const sources = parsed.value.sources.flatMap((source, index) => {
    if (!('netbox' in source || 'nautobot' in source || 'exec' in source)) return []
    // A program that nobody has declared is said where the inventory is read.
    const remote = remoteSource(
      source,
      netboxBranch === undefined ? settings : { ...settings, netboxBranch },
      placeOf(located, ['sources', index]),
    )
    return remote.ok ? [remote.value] : []
  })
  return { sources, passwords: [...new Set(parsed.value.sources.flatMap(passwordsOf))].filter(isElsewhere) }
}

function passwordsOf(source: SourceSettings) {
  if (!('ansible' in source) || source.vault === undefined) return []
  return typeof source.vault === 'string' ? [source.vault] : Object.values(source.vault)
}

function isElsewhere(reference: string) {
  const read = readReference(reference)
  return read !== undefined && !isFault(read) && (read.provider === 'exec' || read.provider === 'vault')
}

/** Asks what the inventory has elsewhere, where no command line has done so before: a worker. `anew`: for a plan that is to be made. */
export async function readyInventory(app: RecordApp, caller: Console, anew: boolean): Promise<void> {
  await askSources(app, caller, { kept: !anew })
  if (anew) return
  try {
    app.project.inventory()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    await askSources(app, caller)
  }
}

/** The branch that the inventory of a project was read from, as a plan holds it; undefined for main. Throws InputError where it was not read. */
export function branchOf(project: Project): PlanContent['branch'] {
  if (project.netboxBranch === undefined) return undefined
  const source = requireOne(project)
  const read = cachedAnswerOf(project.dir, source)
  const branch = read?.ok === true ? read.value.branch : undefined
  if (branch !== undefined) return { source: remoteName(source), ...branch }
  throw inputError(remoteName(source), 'inventory-cache', `its branch \`${project.netboxBranch}\` was not read`)
}

/** Throws `busy` where it is not merged, `stale` where it is another branch of that name, and as the source does. */
export async function requireMerged(app: RecordApp, caller: Caller, { content: { branch } }: Plan): Promise<void> {
  if (branch === undefined) return
  const { project, seams } = app
  const source = netboxes(project).find((one) => remoteName(one) === branch.source)
  if (source === undefined) {
    throw new EosflowError(
      'stale',
      `the plan was made from a branch of ${branch.source}, which is no source of the inventory now`,
      { hint: AGAIN },
    )
  }
  const secrets = secretsOf(app)
  try {
    const found = await readBranch(
      { ...source.settings, branch: branch.name },
      {
        resolve: (reference) => secrets.resolve(reference),
        readCa: (file) => authority(project, file),
        clock: (seams ?? noSeams).clock,
        signal: caller.stop,
      },
    )
    if (found.schema !== branch.schema) {
      throw new EosflowError(
        'stale',
        `${branch.source}: \`${branch.name}\` is another branch than the one that the plan was made from`,
        { hint: AGAIN },
      )
    }
    if (found.merged === null) {
      throw new EosflowError(
        'busy',
        `${branch.source}: the branch \`${branch.name}\` is not merged (${found.status}), and the plan was made from it`,
        {
          hint: 'Merge it in NetBox, and run the plan then. Nothing was sent.',
        },
      )
    }
  } finally {
    await closeSecrets(secrets, caller)
  }
}

const AGAIN = 'Plan again and have the new plan approved.'

function netboxes(project: Project) {
  return elsewhere(project).sources.flatMap((one) => (one.kind === 'netbox' ? [one] : []))
}

// Throws InputError.
function requireOne(project: Project) {
  const [one, ...more] = netboxes(project)
  if (one !== undefined && more.length === 0) return one
  const what = one === undefined ? 'no NetBox is a source' : `${more.length + 1} NetBoxes are sources`
  throw inputError(project.settings.inventory, 'no-branch', `a branch is of one NetBox, and ${what} of the inventory`)
}

// Throws `tls`, InputError.
function authority(project: Project, file: string): Promise<string> {
  return certificateAuthority(project, 'a source', file, 'Check the path under ca: of the source.')
}
