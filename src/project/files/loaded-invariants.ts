import type { Inventory } from '../../change/inventory/inventory.ts'
import { parseSelector, type Selector, selectDevices } from '../../change/inventory/selector.ts'
import { type Invariant, readInvariants } from '../../eos/invariant/pattern/invariant.ts'
import { shippedInvariants } from '../../eos/invariant/shipped/shipped.ts'
import { digestOf } from '../../model/digest.ts'
import { type Problem, problemOf } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import { absentProblem, type Files } from '../../text/source/files.ts'
import { problemsOf } from '../../text/source/located.ts'
import type { WatchedTree } from '../system/machine/watched-tree.ts'
import { InputError, inputError } from '../system/process/input-error.ts'
import type { Settings } from './settings/settings.ts'

export const INVARIANTS_FOLDER = 'invariants'

export interface LoadedInvariant {
  readonly invariant: Invariant
  readonly selector?: Selector
}

export interface LoadedInvariants {
  readonly invariants: readonly LoadedInvariant[]
  readonly digest: string
  readonly isUndo?: true
}

export interface InvariantGround {
  readonly settings: Pick<Settings, 'invariants'>
  readonly files: Files
  readonly sourceTree?: (paths: readonly string[]) => WatchedTree
  stands(path: string): boolean
  inventory(): Inventory
}

/** Throws InputError for a folder that cannot be read. */
export function invariantFiles({
  sourceTree,
  stands,
}: Pick<InvariantGround, 'sourceTree' | 'stands'>): readonly string[] {
  const entries = sourceTree?.([]).folder(INVARIANTS_FOLDER)
  if (entries === undefined) {
    if (sourceTree === undefined || !stands(INVARIANTS_FOLDER)) return []
    const hint = 'Make it a folder of the project that you may read: none of it is passed over.'
    throw inputError(
      INVARIANTS_FOLDER,
      'unreadable-invariants',
      'the folder cannot be read from inside the project',
      hint,
    )
  }
  const inner = entries.filter(({ kind }) => kind === 'folder').map(({ name }) => `${INVARIANTS_FOLDER}/${name}`)
  if (inner.length > 0) {
    const message = 'a folder among the invariants is not read'
    const hint = `Put its files into ${INVARIANTS_FOLDER}/ itself.`
    throw new InputError(inner.map((path) => problemOf(path, 'unreadable-invariants', message, hint)))
  }
  return entries.filter(({ name }) => /\.ya?ml$/i.test(name)).map(({ name }) => `${INVARIANTS_FOLDER}/${name}`)
}

/**
 * The invariants of a project as its files are now, with those that its settings choose; undefined where there are none. Throws InputError with
 * everything that is wrong: one that cannot be read is never passed over.
 */
export function loadInvariants(ground: InvariantGround): LoadedInvariants | undefined {
  const { files, settings } = ground
  const paths = invariantFiles(ground)
  const { use } = settings.invariants
  if (paths.length === 0 && use.length === 0) return undefined
  const contents = paths.map((path) => files(path))
  const text = JSON.stringify([use, ...paths, ...contents.map((one) => one && Buffer.from(one).toString('latin1'))])
  const inventory = ground.inventory()
  const last = lastLoaded.get(files)
  if (last?.text === text && last.inventory === inventory) return last.loaded
  const read = paths.map((path, index) => readAt(path, contents[index], files))
  const own = read.flatMap((one) => (one.ok ? one.value.invariants : []))
  const problems = [
    ...read.flatMap((one) => problemsOf(one)),
    ...sameNames(own),
    ...own.flatMap((one) => selectionProblems(one, inventory)),
  ]
  if (problems.length > 0) throw new InputError(problems)
  const all = [...own, ...shippedInvariants(use)]
  const loaded = { invariants: all.map(withSelector), digest: digestOf(all.map(saidBy)) }
  lastLoaded.set(files, { text, inventory, loaded })
  return loaded
}

const lastLoaded = new WeakMap<Files, { text: string; inventory: Inventory; loaded: LoadedInvariants }>()

function readAt(path: string, content: string | Uint8Array | undefined, files: Files) {
  if (content !== undefined) return readInvariants(content, path)
  const missing = problemOf(path, 'no-such-file', 'there is no such file in the project')
  return { ok: false as const, problems: [absentProblem(files, path, missing)] as const }
}

function sameNames(invariants: readonly Invariant[]): readonly Problem[] {
  return invariants.flatMap(({ name, at }, index) => {
    const first = invariants.find((other) => other.name === name)
    if (first === invariants[index] || first?.at.file === at.file) return []
    const message = `two invariants are called \`${name}\`: here, and in ${first?.at.file}:${first?.at.line}`
    return [{ code: 'duplicate-invariant', message, at, hint: 'give one another name' }]
  })
}

function selectionProblems({ on }: Invariant, inventory: Inventory) {
  return on === undefined ? [] : problemsOf(selectDevices(on.expression, inventory, on.at))
}

function withSelector(invariant: Invariant): LoadedInvariant {
  if (invariant.on === undefined) return { invariant }
  const parsed = parseSelector(invariant.on.expression, invariant.on.at)
  return parsed.ok ? { invariant, selector: parsed.value } : { invariant }
}

function saidBy({ on, at: _, ...invariant }: Invariant): Json {
  const texts = (patterns: Invariant['each']) => patterns.map(({ text }) => text)
  return {
    name: invariant.name,
    on: on?.expression ?? null,
    each: texts(invariant.each),
    where: texts(invariant.where),
    // One that is written alone is its text, as it was before there were lists inside the list.
    unless: invariant.unless.map((all) => (all.length === 1 ? (texts(all)[0] ?? '') : texts(all))),
    must: invariant.must.map(texts),
    mustNot: texts(invariant.mustNot),
    keep: texts(invariant.keep),
    because: invariant.because,
  }
}
