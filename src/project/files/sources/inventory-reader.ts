import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Inventory, parseInventory } from '../../../change/inventory/inventory.ts'
import type { AskedSettings, ReadSources, SourceReading } from '../../../change/inventory/source/source-settings.ts'
import { hostsOfPattern } from '../../../change/roster/ansible/pattern.ts'
import { type CachedAnswer, readCached } from '../../../change/roster/cached.ts'
import { fromList } from '../../../change/roster/from-list.ts'
import type { Roster } from '../../../change/roster/hosts/roster.ts'
import { listForm, renderedVariables, writtenVariable } from '../../../change/roster/rendered-roster.ts'
import { decryptVault, VaultKeys, type VaultPassword } from '../../../change/roster/vault/decrypt-vault.ts'
import type { Random } from '../../../model/clock.ts'
import { codeOf, type Place, type Problem, problemOf, type ValueOrProblems } from '../../../model/error.ts'
import { definedMembers, type Json } from '../../../model/json.ts'
import { Secret } from '../../../model/secret.ts'
import { absentProblem, type Files } from '../../../text/source/files.ts'
import { refuse } from '../../../text/source/located.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { whyOrdinary } from '../../secret/ordinary.ts'
import type { Scrubber } from '../../secret/scrubber.ts'
import { readRegular } from '../../system/machine/key-files.ts'
import { type WatchedTree, watchedTree } from '../../system/machine/watched-tree.ts'
import type { Host } from '../../system/process/host.ts'
import { InputError, inputError, orProblems } from '../../system/process/input-error.ts'
import { syncFile } from '../../system/process/new-file.ts'
import { readGiven } from '../../system/process/read-given.ts'
import { PRIVATE, writeNewUnlinked } from '../../system/process/unlinked-file.ts'
import type { Settings } from '../settings/settings.ts'
import type { FileKind } from './read-file-roster.ts'
import { answerName, type RemoteSource, remoteName } from './read-service.ts'
import {
  type KeptSource,
  pathsOf,
  type ReadRoster,
  type RosterReader,
  type RosterSource,
  readSource,
  type SourcePorts,
} from './read-source.ts'
import { keptPasswords, passwordAtHand } from './vault-passwords.ts'

export type InventoryHost = Pick<Host, 'scrubber' | 'words' | 'typedPasswords'> & Partial<Pick<Host, 'env'>>

export interface InventoryGround {
  readonly dir: string
  readonly settings: Pick<Settings, 'inventory' | 'inventoryPrograms' | 'secrets'>
  readonly files: Files
  readonly netboxBranch?: string
  readonly sourceTree?: (paths: readonly string[]) => WatchedTree
}

export interface InventoryReader {
  /** Throws InputError. */
  inventory(): Inventory
  parse(text: string | Uint8Array, file: string): ValueOrProblems<Inventory>
}

interface Basis {
  readonly trees: readonly WatchedTree[]
  readonly passwords: number
  readonly opensAll: boolean
}

export function inventoryReader(ground: InventoryGround, host: InventoryHost): InventoryReader {
  const { files, settings } = ground
  const file = settings.inventory
  const asks = host.typedPasswords !== undefined
  let last: { readonly content: string | Uint8Array; readonly basis: Basis; readonly inventory: Inventory } | undefined
  return {
    parse: (text, name) => parseInventory(text, name, settings.secrets, sourcesOn(ground, host).read, asks),
    inventory: () => {
      const content = files(file)
      if (content === undefined) throw new InputError([absentProblem(files, file, noInventory(host, files, file))])
      if (last !== undefined && isAlike(last.content, content) && isSame(last.basis, host)) return last.inventory
      const { read, basis } = sourcesOn(ground, host)
      const inventory = orProblems(parseInventory(content, file, settings.secrets, read, asks))
      host.scrubber.leave(inventory.devices.map(({ name }) => name))
      last = { content, basis: basis(), inventory }
      return inventory
    },
  }
}

function isAlike(one: string | Uint8Array, other: string | Uint8Array) {
  return typeof one === 'string' || typeof other === 'string' ? one === other : Buffer.compare(one, other) === 0
}

function isSame({ trees, passwords, opensAll }: Basis, host: InventoryHost) {
  const isAsOpen = passwords === keptPasswords(host) && opensAll === opensAllVaults(host.scrubber)
  return isAsOpen && trees.every((tree) => tree.isSame())
}

function sourcesOn(
  { dir, settings: given, sourceTree, netboxBranch }: InventoryGround,
  host: InventoryHost,
): { readonly read: ReadSources | undefined; readonly basis: () => Basis } {
  const settings = netboxBranch === undefined ? given : { ...given, netboxBranch }
  const trees: WatchedTree[] = []
  const passwords = keptPasswords(host)
  const opensAll = opensAllVaults(host.scrubber)
  const read: ReadSources | undefined =
    sourceTree === undefined
      ? undefined
      : (sources, placeOf) =>
          sources.map((source, index) => {
            const tree = sourceTree(pathsOf(source))
            const label = `a secret of ${pathsOf(source).join(', ')}`
            trees.push(tree)
            const read = readSource(source, placeOf(index), {
              tree,
              password: (reference) => {
                const found = passwordAtHand(host, reference)
                return 'secret' in found ? { secret: found.secret.reveal() } : found
              },
              kept: (asked, at) => {
                const remote = remoteSource(asked, settings, at)
                if (remote.ok) tree.watch(answerFile(answerName(remote.value)))
                return keptSource(dir, asked, settings, at, host.words({ code: 'refresh-inventory' }))
              },
              // An ordinary word is not removed from what is printed, and these logins are not used: there is nothing to say.
              secret: (value) => {
                if (whyOrdinary(value, new Set()) === undefined) host.scrubber.register(new Secret(value), label)
              },
              ...vaultKnowledge(host.scrubber, label),
            })
            return insideOnly(read, tree.outside(), placeOf(index))
          })
  return { read, basis: () => ({ trees, passwords, opensAll }) }
}

function insideOnly(
  read: ValueOrProblems<SourceReading>,
  outside: readonly string[],
  at: Place,
): ValueOrProblems<SourceReading> {
  const [first, ...rest] = outside.map((path) => ({
    code: 'outside-project',
    message: `\`${path}\` leads outside of the project and of the source`,
    at,
    hint: 'put the files themselves there: a link out of it is not followed',
  }))
  return first === undefined ? read : refuse(first, ...rest)
}

function noInventory(host: Pick<Host, 'words'>, files: Files, file: string) {
  const near = file.endsWith('.yml') ? file.replace(/yml$/, 'yaml') : file.replace(/yaml$/, 'yml')
  const hint =
    near !== file && files(near) !== undefined
      ? `There is ${near}: name it in eosflow.yaml (inventory: ${near}).`
      : host.words({ code: 'write-inventory' })
  return problemOf(file, 'no-inventory', `there is no ${file} in the project`, hint)
}

// The kinds of inventories that `inventory read` prints, each with its reader, which is loaded when it is needed.
const ofFiles = (kind: FileKind) => async () => (await import('./read-file-roster.ts')).fileRoster(kind)
const KINDS: Readonly<Record<string, () => Promise<RosterReader>>> = {
  ansible: async () => (await import('../../../change/roster/ansible/read-ansible.ts')).readAnsible,
  nornir: ofFiles('nornir'),
  anta: ofFiles('anta'),
  containerlab: ofFiles('containerlab'),
  csv: ofFiles('csv'),
}

async function readRoster(kind: string, source: RosterSource): Promise<ValueOrProblems<ReadRoster>> {
  const load = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined
  if (load !== undefined) return (await load())(source)
  const kinds = Object.keys(KINDS)
  return refuse(
    problemOf('KIND', 'unknown-kind', `there is no kind of inventory ${JSON.stringify(kind)}`, didYouMean(kind, kinds)),
  )
}

export interface PrintRequest {
  readonly kind: string
  readonly paths: readonly string[]
  readonly passwordFiles: readonly string[]
  readonly isRendered: boolean
  /** A pattern of Ansible, and where it was given; undefined for all hosts. */
  readonly limit: { readonly pattern: string; readonly at: Place } | undefined
}

export interface RosterPrinter {
  readonly out: (text: string) => void
  /** Resolves when what was given to `out` has left; absent where nothing is held. */
  readonly drained?: (() => Promise<void>) | undefined
  readonly note: (problem: Problem) => void
}

// How many characters are handed over at once.
const PIECE = 262_144

/** Prints an inventory of another tool as `ansible-inventory --list` does, with what is odd in it as `notes` first. Secrets are not in it: a vault text stays encrypted, or is `<secret>` where values are rendered. */
export async function printRoster(host: Host, request: PrintRequest, printer: RosterPrinter): Promise<void> {
  const vault = { passwords: request.passwordFiles.map((given) => passwordIn(host, given)), keys: new VaultKeys() }
  const learn = (secret: string, source: string) => host.scrubber.register(new Secret(secret), source)
  const read = await readRoster(request.kind, {
    tree: watchedTree(host.cwd, ['/']),
    paths: request.paths,
    open: (envelope) => decryptVault(envelope, vault.passwords, vault.keys),
  })
  const { roster, notes } = orProblems(read)
  for (const problem of notes) printer.note(problem)
  const hosts =
    request.limit === undefined
      ? undefined
      : new Set(orProblems(hostsOfPattern(roster, request.limit.pattern, request.limit.at)))
  const rendered = request.isRendered
    ? renderedVariables({ vault, roster, onSecret: (secret) => learn(secret, 'vault') })
    : undefined
  await print(
    listForm(roster, {
      ...definedMembers({ hosts }),
      shownAs: rendered?.shownAs ?? writtenVariable,
      isShared: rendered === undefined,
    }),
    printer,
  )
  const refused = rendered?.problems() ?? []
  if (refused.length > 0) throw new InputError(refused)
}

async function print(pieces: Iterable<string>, { out, drained }: RosterPrinter) {
  let text = ''
  for (const piece of pieces) {
    text += piece
    if (text.length < PIECE) continue
    out(text)
    text = ''
    await drained?.()
  }
  out(text)
}

function passwordIn(host: Host, given: string): VaultPassword {
  const sign = given.indexOf('@')
  const [id, path] = sign < 0 ? ['default', given] : [given.slice(0, sign), given.slice(sign + 1)]
  const secret = Buffer.from(readGiven(host, path)).toString('utf8').trim()
  const refused = (message: string, hint: string) => inputError(path, 'inventory-vault', message, hint)
  if (secret.startsWith('#!'))
    throw refused('this is a program, which is not run for a password', 'write the password into a file')
  if (secret === '') throw refused('there is no password in it', 'write the password into the file')
  host.scrubber.register(new Secret(secret), path)
  return { id, secret }
}

export type ProgramSettings = Pick<Settings, 'inventoryPrograms'> & {
  readonly netboxBranch?: string
}

/** An entry of `sources:` as what is asked. `at`: where it is named. */
export function remoteSource(
  settings: AskedSettings,
  { inventoryPrograms, netboxBranch: branch }: ProgramSettings,
  at: Place,
): ValueOrProblems<RemoteSource> {
  if ('netbox' in settings)
    return {
      ok: true,
      value: { kind: 'netbox', settings: settings.netbox, ...definedMembers({ branch }) },
    }
  if ('nautobot' in settings) return { ok: true, value: { kind: 'nautobot', settings: settings.nautobot } }
  const { exec: name } = settings
  const program = Object.hasOwn(inventoryPrograms, name) ? inventoryPrograms[name] : undefined
  if (program !== undefined) return { ok: true, value: { kind: 'exec', name, program } }
  const known = Object.keys(inventoryPrograms)
  const hint = known.length === 0 ? 'declare it under `inventory: exec:` in eosflow.yaml' : didYouMean(name, known)
  return refuse({ code: 'unknown-source', message: `the settings declare no program \`${name}\``, at, hint })
}

// `hint`: how it is asked.
function keptSource(
  dir: string,
  settings: AskedSettings,
  programs: ProgramSettings,
  at: Place,
  hint: string,
): ValueOrProblems<KeptSource> {
  const source = remoteSource(settings, programs, at)
  if (!source.ok) return source
  const read = cachedRoster(dir, source.value)
  if (read.ok) return { ok: true, value: { label: remoteName(source.value), ...read.value } }
  const [first, ...rest] = read.problems.map((problem) => ({ ...problem, hint }))
  return first === undefined ? read : refuse(first, ...rest)
}

export interface CachedRoster {
  readonly roster: Roster
  /** When it was read, in milliseconds of wall time. */
  readonly time: number
  readonly count: number
  readonly digest: string
  readonly warnings: readonly Problem[]
}

export function cachedRoster(dir: string, source: RemoteSource): ValueOrProblems<CachedRoster> {
  const answer = cachedAnswerOf(dir, source)
  if (answer === undefined) return refuse(noAnswer(source))
  if (!answer.ok) return answer
  const { list, time, count, digest, warnings } = answer.value
  const read = fromList(list as unknown as Json, remoteName(source))
  if (!read.ok) return read
  const said = warnings.map((message) => problemOf(remoteName(source), 'inventory-source', message))
  return { ok: true, value: { roster: read.value, time, count, digest, warnings: said } }
}

/** The kept answer of a source; undefined where there is none. */
export function cachedAnswerOf(dir: string, source: RemoteSource): ValueOrProblems<CachedAnswer> | undefined {
  const name = answerName(source)
  const file = answerFile(name)
  try {
    const bytes = readAnswerFile(dir, name)
    return bytes === undefined ? undefined : readCached(bytes, file)
  } catch (error) {
    const code = codeOf(error)
    return refuse(
      problemOf(
        file,
        'inventory-cache',
        `this cached answer of a source cannot be read (${code})`,
        'Check the file and its rights.',
      ),
    )
  }
}

function noAnswer(source: RemoteSource) {
  return problemOf(
    remoteName(source),
    'inventory-cache',
    'it was not asked yet with these settings: no answer of it is kept here',
    'Ask it once while it can be reached.',
  )
}

interface Knowledge {
  readonly keys: VaultKeys
  opensAll: boolean
}

const known = new WeakMap<Scrubber, Knowledge>()

function knowledgeOf(scrubber: Scrubber) {
  const knowledge = known.get(scrubber) ?? { keys: new VaultKeys(), opensAll: false }
  known.set(scrubber, knowledge)
  return knowledge
}

export function openAllVaults(scrubber: Scrubber): void {
  knowledgeOf(scrubber).opensAll = true
}

// Whether {@link openAllVaults} was called in this process.
function opensAllVaults(scrubber: Scrubber): boolean {
  return knowledgeOf(scrubber).opensAll
}

function vaultKnowledge(scrubber: Scrubber, label: string): Pick<SourcePorts, 'keys' | 'known'> {
  const { keys, opensAll } = knowledgeOf(scrubber)
  if (!opensAll) return { keys }
  return {
    keys,
    known: (value) => {
      if (whyOrdinary(value, new Set()) === undefined) scrubber.register(new Secret(value), label)
    },
  }
}

const FOLDER = '.eosflow/inventory'

const answerFile = (name: string): string => `${FOLDER}/${name}.json`

// The bytes of a kept answer; undefined where there is none. Throws what the file system says of one that cannot be read.
function readAnswerFile(dir: string, name: string): Uint8Array | undefined {
  try {
    return readRegular(join(dir, answerFile(name)), { noLink: true })
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined
    throw error
  }
}

/**
 * Keeps an answer for its owner alone: it is whole on the disk under another name before it has its own, so that nobody reads a part of it.
 * Throws what the file system says; the answer before is then still there.
 */
export function writeAnswerFile(dir: string, name: string, text: string, random: Pick<Random, 'hex'>): void {
  const path = join(dir, answerFile(name))
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const draft = join(folder, `.${name}.${random.hex(6)}.part`)
  try {
    writeNewUnlinked(draft, text, PRIVATE)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
  syncFile(folder)
}
