import { existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { Inventory } from '../../change/inventory/inventory.ts'
import { isChangeFile } from '../../change/workflow/change-file.ts'
import type { Files } from '../../change/workflow/template/files.ts'
import { type Problem, problemOf, type ValueOrProblems } from '../../model/error.ts'
import { definedMembers, unlessEmpty } from '../../model/json.ts'
import { absentProblem } from '../../text/source/files.ts'
import { AUTHORED_LIMIT } from '../../text/source/located.ts'
import type { Feature } from '../system/feature/feature.ts'
import { confinedFile, confinedFiles } from '../system/machine/confined-file.ts'
import { realOrSame, watchedTree } from '../system/machine/watched-tree.ts'
import type { Host } from '../system/process/host.ts'
import { InputError, inputError, orProblems } from '../system/process/input-error.ts'
import { invariantFiles, type LoadedInvariants, loadInvariants } from './loaded-invariants.ts'
import { type LoadedPolicy, loadPolicy } from './loaded-policy.ts'
import { projectFolder } from './project-folder.ts'
import { guardedFiles, guardedTree, guardPrograms, type ProjectGuard, projectGuard } from './project-guard.ts'
import {
  type ClaimedSettings,
  DEFAULT_STORE,
  parseClaimedSettings,
  parseSettings,
  type Settings,
} from './settings/settings.ts'
import { isDatabase, readStoreAddress, type StoreAddress } from './settings/store-address.ts'
import {
  type InventoryGround,
  type InventoryHost,
  type InventoryReader,
  inventoryReader,
} from './sources/inventory-reader.ts'

export interface ProjectPlace {
  readonly project?: string
  readonly store?: string
  readonly netboxBranch?: string
  /** Whether `eosflow.yaml` is read despite keys that no feature knows: to stop, resume or show what was begun under them. */
  readonly despiteUnknownKeys?: boolean
}

export interface Project {
  readonly dir: string
  readonly settings: Settings
  readonly features: readonly Feature[]
  /** The keys of `eosflow.yaml` that were passed over. */
  readonly unclaimed?: readonly Problem[]
  readonly store: string
  readonly database?: StoreAddress
  readonly policyPresent: boolean
  /** The policy as its files are now; undefined without one. Throws InputError when it is not good. */
  policy(): LoadedPolicy | undefined
  /** What must hold of the configurations, as its files are now; undefined where nothing is demanded. Throws InputError when they are not good. */
  invariants(): LoadedInvariants | undefined
  /** Throws InputError for a folder that cannot be read. */
  invariantFiles(): readonly string[]
  /** Files by their path from the project's root; never one outside it, links resolved. */
  readonly files: Files
  /** Whether anything stands at a path from the project's root: also what {@link Project.files} does not give. */
  stands(path: string): boolean
  /** The branch of a NetBox that its inventory is read from; absent: main. */
  readonly netboxBranch?: string
  /** Throws InputError. */
  inventory(): Inventory
  parseInventory(text: string | Uint8Array, file: string): ValueOrProblems<Inventory>
  pathOf(typed: string): string
  /** Throws InputError. */
  readonly guard: ProjectGuard
  readonly published?: PublishedRevision
  /** Who may do what, with which switches, where that is not said by this folder but by what is published; absent: by this project. */
  readonly inForce?: Pick<Project, 'policy' | 'inventory' | 'published'> & { readonly instead?: JudgedAtHand }
}

export interface JudgedAtHand extends Pick<Project, 'policy'> {
  readonly isLost?: true
  inventory(): Pick<Inventory, 'devices'>
}

export interface PublishedRevision {
  digest(): string
  readonly files: Files
  /** Takes the newest one: asked before each judgement. Throws `stale` where it cannot be read, and `store`. */
  renew(): Promise<void>
}

export type ProjectGround = Pick<
  Project,
  | 'netboxBranch'
  | 'dir'
  | 'settings'
  | 'features'
  | 'unclaimed'
  | 'store'
  | 'database'
  | 'files'
  | 'stands'
  | 'pathOf'
  | 'guard'
> &
  Pick<InventoryGround, 'sourceTree'>

/** The project where a command has one: `-C DIR`, or the nearest parent folder with `eosflow.yaml`. Throws InputError when `-C` names none. */
export function findProject(host: Host, place: ProjectPlace): Project | undefined {
  return place.project === undefined && projectFolder(host.cwd) === undefined ? undefined : openProject(host, place)
}

const SETTINGS = 'eosflow.yaml'

/** Finds the project: `-C DIR`, or the nearest parent folder with `eosflow.yaml`. `through`: what its files are read by. */
export function openProject(
  host: Host,
  place: ProjectPlace,
  through?: (ground: ProjectGround) => ProjectGround,
): Project {
  const dir = place.project === undefined ? projectFolder(host.cwd) : resolve(host.cwd, place.project)
  const file = join(dir ?? host.cwd, 'eosflow.yaml')
  if (dir === undefined || !existsSync(file)) throw new InputError([noProject(host, file, place.project)])
  const guard = projectGuard(dir, host)
  // Before it is read, because somebody else's may be a pipe that never ends; and after, so that none is put there between both.
  guard('eosflow.yaml')
  const content = settingsIn(dir, relative(host.cwd, file))
  guard('eosflow.yaml')
  const { netboxBranch, despiteUnknownKeys: despite = false } = place
  const from = JSON.stringify([dir, realpathSync(dir), Buffer.from(content).toString('latin1'), netboxBranch, despite])
  const opened = openedOnce(host, from, () => {
    const read = parseClaimedSettings(content, relative(host.cwd, file), host.features, despite)
    return readerIn(dir, orProblems(read), host, guard, netboxBranch)
  })
  guardPrograms(guard, opened.settings, [dir, host.cwd])
  const ground = groundIn(opened, host, place)
  return through === undefined ? projectWith(ground, opened.reader) : projectOn(through(ground), host)
}

// Throws InputError.
function settingsIn(dir: string, shown: string) {
  const root = realpathSync.native(dir)
  const content = confinedFile(root, SETTINGS, AUTHORED_LIMIT)
  if (content !== undefined) return content
  const files = confinedFiles(root)
  throw new InputError([
    absentProblem(files, SETTINGS, problemOf(shown, 'no-such-file', 'there is no such file', 'Check the path.')),
  ])
}

/** A folder without `eosflow.yaml` as a project with default settings, for commands that only read files. */
export function looseProject(host: Host, place: ProjectPlace): Project {
  const settings = orProblems(parseSettings('', 'eosflow.yaml', host.features))
  const opened = readerIn(host.cwd, { settings, unclaimed: [] }, host, projectGuard(host.cwd, host))
  return projectWith(groundIn(opened, host, place), opened.reader)
}

function readerIn(
  dir: string,
  { settings, unclaimed }: ClaimedSettings,
  host: Host,
  guard: ProjectGuard,
  netboxBranch?: string,
): OpenedProject {
  const real = realpathSync(dir)
  const ground = {
    dir,
    settings,
    guard,
    ...definedMembers({ netboxBranch, unclaimed: unlessEmpty(unclaimed) }),
    files: guardedFiles(confinedFiles(real), guard),
    sourceTree: (paths: readonly string[]) =>
      guardedTree(watchedTree(dir, [real, ...paths.flatMap((path) => rootOutside(dir, path))]), guard),
  }
  return { ...ground, reader: inventoryReader(ground, host) }
}

function groundIn(
  { dir, settings, unclaimed, files, sourceTree, guard }: OpenedProject,
  host: Host,
  place: ProjectPlace,
): ProjectGround {
  return {
    dir,
    settings,
    features: host.features,
    files,
    guard,
    ...definedMembers({ netboxBranch: place.netboxBranch, sourceTree, unclaimed }),
    ...storeIn(dir, settings, host, place),
    stands: (path) => stands(join(dir, path)),
    pathOf: (typed) => {
      const here = resolve(host.cwd, typed)
      const real = realpathSync(dir)
      const isHere = existsSync(here) || !(existsSync(resolve(dir, typed)) || pathFrom(real, here).startsWith('..'))
      const full = isHere ? here : resolve(dir, typed)
      // A change file that is a link is refused where it is read, and not taken for what it leads to.
      const written = [dir, real].map((root) => pathFrom(root, full)).find(isChangeFile)
      return written ?? pathFrom(real, realOrSame(full))
    },
  }
}

// Throws InputError.
function storeIn(
  dir: string,
  settings: Settings,
  host: Host,
  place: ProjectPlace,
): Pick<Project, 'store' | 'database'> {
  const named = place.store ?? settings.store
  if (!isDatabase(named)) return { store: resolve(dir, place.store === undefined ? named : resolve(host.cwd, named)) }
  const database = readStoreAddress(named)
  if ('fault' in database) throw inputError('store', 'bad-store', database.fault, database.hint)
  return { store: join(dir, DEFAULT_STORE), database }
}

export function projectOn(ground: ProjectGround, host: InventoryHost): Project {
  return projectWith(ground, inventoryReader(ground, host))
}

function projectWith(
  { sourceTree, ...ground }: ProjectGround,
  { inventory, parse: parseInventory }: InventoryReader,
): Project {
  const { settings, files, stands: standsIn } = ground
  const judgedOn = { ...ground, inventory, ...definedMembers({ sourceTree }) }
  const hasPolicy = () => settings.policy !== DEFAULT_POLICY || standsIn(settings.policy)
  return {
    ...ground,
    policyPresent: hasPolicy(),
    policy: () => (hasPolicy() ? loadPolicy(files, settings.policy, standsIn) : undefined),
    invariants: () => loadInvariants(judgedOn),
    invariantFiles: () => invariantFiles(judgedOn),
    inventory,
    parseInventory,
  }
}

const DEFAULT_POLICY = 'policy.yaml'

function stands(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return true
  }
}

export function pathFrom(root: string, full: string): string {
  return relative(root, full).split(sep).join('/')
}

function rootOutside(dir: string, path: string) {
  const full = resolve(dir, path)
  if (!relative(dir, full).startsWith('..')) return []
  return [statSync(full, { throwIfNoEntry: false })?.isDirectory() === true ? full : dirname(full)]
}

function noProject(host: Host, file: string, named: string | undefined) {
  const below = projectBelow(dirname(file))
  const near = below === undefined || named === undefined ? below : join(named, below)
  const message =
    named === undefined
      ? 'there is no eosflow.yaml in this folder or above it'
      : existsSync(dirname(file))
        ? `the folder \`${named}\` is no project: it has no eosflow.yaml`
        : `there is no folder \`${named}\``
  return problemOf(file, 'no-project', message, host.words({ code: 'make-project', near }))
}

function projectBelow(dir: string) {
  try {
    const found = readdirSync(dir).filter((name) => existsSync(join(dir, name, 'eosflow.yaml')))
    return found.length === 1 ? found[0] : undefined
  } catch {
    return undefined
  }
}

interface OpenedProject extends InventoryGround {
  readonly settings: Settings
  readonly unclaimed?: readonly Problem[]
  readonly reader: InventoryReader
  readonly guard: ProjectGuard
}

const lastOpened = new WeakMap<Host, { readonly from: string; readonly opened: OpenedProject }>()

function openedOnce(host: Host, from: string, open: () => OpenedProject) {
  const last = lastOpened.get(host)
  if (last?.from === from) return last.opened
  const opened = open()
  lastOpened.set(host, { from, opened })
  return opened
}
