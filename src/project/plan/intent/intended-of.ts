import {
  type ConfirmedChange,
  type IntendedLines,
  intendedAfter,
  type WithoutIntended,
} from '../../../change/plan/intended.ts'
import { byPlace } from '../../../change/record/event/cursor.ts'
import type { EventOf } from '../../../change/record/event/event.ts'
import type { ConfirmedEnding } from '../../../change/record/noted-ends.ts'
import { MissingSegmentError } from '../../../change/record/seal/chain.ts'
import { isSameSwitch } from '../../../change/task/act/switch-identity.ts'
import { placesIn } from '../../../eos/config/merge.ts'
import type { DeviceIdentity } from '../../../eos/device/device.ts'
import { definedMembers } from '../../../model/json.ts'
import { KEPT_CHANGES, type SwitchEndSources, switchEnds } from '../../history/executions/switch-ends.ts'
import { type StagedChange, stagedChanges } from '../../history/plans/staged-change.ts'
import type { SnapshotDocument } from '../../switches/snapshot/snapshot-document.ts'
import { takenBack } from '../rollback/sources.ts'

type Adoption = EventOf<'SnapshotTaken'>

export async function intendedOf(
  app: SwitchEndSources,
  names: readonly string[],
): Promise<ReadonlyMap<string, IntendedLines>> {
  const ends = await switchEnds(app)
  const adopted = newestAdoptions(await app.store.snapshots())
  const history = new RecordedHistory(app, names)
  const found = new Map<string, IntendedLines>()
  for (const name of names) {
    const { changed, before = [] } = ends.get(name) ?? {}
    const changes = changed === undefined ? [] : [changed, ...before]
    found.set(name, await history.intended(name, changes, adopted.get(name)))
  }
  return found
}

interface ChangeOfSwitch {
  readonly identity: DeviceIdentity
  readonly change: ConfirmedChange
}

const NOTHING: IntendedLines = { source: { kind: 'none' }, lines: new Set() }

function newestAdoptions(newestFirst: readonly Adoption[]): ReadonlyMap<string, Adoption> {
  const newest = new Map<string, Adoption>()
  for (const snapshot of newestFirst)
    for (const name of snapshot.adopted ?? []) if (!newest.has(name)) newest.set(name, snapshot)
  return newest
}

class RecordedHistory {
  readonly #app: SwitchEndSources
  readonly #names: readonly string[]
  readonly #staged = new Map<string, Promise<readonly StagedChange[]>>()
  readonly #snapshots = new Map<string, Promise<SnapshotDocument>>()

  constructor(app: SwitchEndSources, names: readonly string[]) {
    this.#app = app
    this.#names = names
  }

  async intended(
    name: string,
    newestFirst: readonly ConfirmedEnding[],
    adopted: Adoption | undefined,
  ): Promise<IntendedLines> {
    const since = newestFirst.filter((one) => adopted === undefined || byPlace(adopted, one) < 0)
    const changes: ConfirmedChange[] = []
    let of: DeviceIdentity | undefined
    let unread: WithoutIntended | undefined
    for (const ending of since) {
      const read = await this.#change(name, ending).catch(ifMissing)
      if (read === undefined) {
        unread = { kind: 'archived' }
        break
      }
      of ??= read.identity
      // What is older is of another switch.
      if (!isSameSwitch(of, read.identity)) return { ...intendedAfter(NOTHING, changes.toReversed()), of }
      addChange(changes, read.change)
      if (isWholeText(changes)) break
    }
    const isFar = unread === undefined && adopted === undefined && since.length > KEPT_CHANGES
    const start = unread ?? (isFar ? { kind: 'far' as const } : { kind: 'none' as const })
    const begin = await this.#begin(name, unread === undefined ? adopted : undefined).catch(ifMissing)
    const isOther = begin !== undefined && of !== undefined && !isSameSwitch(of, begin.of)
    const from = isOther ? NOTHING : (begin ?? { source: start, lines: new Set<string>() })
    of ??= begin?.of
    return { ...intendedAfter(from, changes.toReversed()), ...definedMembers({ of }) }
  }

  async #begin(
    name: string,
    adopted: Adoption | undefined,
  ): Promise<(IntendedLines & { readonly of: DeviceIdentity }) | undefined> {
    if (adopted === undefined) return undefined
    const known = this.#snapshots.get(adopted.snapshot) ?? this.#document(adopted)
    this.#snapshots.set(adopted.snapshot, known)
    const device = (await known).devices[name]
    return device === undefined
      ? undefined
      : { source: { kind: 'snapshot', name: adopted.name }, lines: placesIn(device.running), of: device.identity }
  }

  async #document({ snapshot }: Adoption) {
    return JSON.parse(await this.#app.store.get(snapshot)) as SnapshotDocument
  }

  async #change(name: string, ending: ConfirmedEnding): Promise<ChangeOfSwitch | undefined> {
    const key = `${ending.execution} ${ending.seq}`
    const known = this.#staged.get(key) ?? stagedChanges(this.#app, ending, this.#names)
    this.#staged.set(key, known)
    const staged = (await known).find((one) => one.name === name)
    if (staged?.base === undefined) return undefined
    const { store } = this.#app
    const takesBack = takenBack(staged.file)
    const change = {
      id: staged.execution,
      names: [ending.execution, staged.execution, staged.plan],
      ...definedMembers({ takesBack }),
      mode: staged.planned.mode,
      ...definedMembers({ kept: staged.planned.kept }),
      base: await store.get(staged.base),
      target: await store.get(staged.target),
    }
    return { identity: staged.planned.identity, change }
  }
}

function addChange(newestFirst: ConfirmedChange[], change: ConfirmedChange) {
  const last = newestFirst.at(-1)
  if (last?.id !== change.id) newestFirst.push(change)
  else newestFirst.splice(-1, 1, { ...last, names: [...last.names, ...change.names] })
}

function isWholeText(newestFirst: readonly ConfirmedChange[]) {
  const oldest = newestFirst.at(-1)
  if (oldest === undefined || oldest.mode !== 'replace' || oldest.takesBack !== undefined || oldest.kept !== undefined)
    return false
  return !newestFirst.some(({ takesBack }) => takesBack !== undefined && oldest.names.includes(takesBack))
}

function ifMissing(error: unknown) {
  if (error instanceof MissingSegmentError) return undefined
  throw error
}
