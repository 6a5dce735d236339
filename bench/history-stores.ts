import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '../src/change/record/sqlite/open-store.ts'
import type { Store } from '../src/change/record/store/store.ts'
import { readOrMakeInstallKey } from '../src/project/system/machine/key-files.ts'
import { appendPast, type PastExecution } from './bulk-history.ts'

/** What a history is kept in. */
export type StoreKind = 'sqlite' | 'postgres'

/** A history that is put into a store. */
export interface PastRecords {
  /** The texts that its records name. */
  readonly texts: readonly string[]
  readonly executions: Iterable<PastExecution>
}

/** Where the projects of the bench have their stores: what the two kinds do differently. */
export interface HistoryStores {
  readonly kind: StoreKind
  /** The lines of eosflow.yaml that say where the store of a project is. */
  settings(dir: string): string
  /** Makes the store of a project that has none. */
  make(dir: string): Promise<void>
  /** Opens the store of a project to read it. */
  open(dir: string): Promise<Pick<Store, 'read' | 'get'> & { close(): Promise<void> }>
  /** Fills the store of a project in which nothing is. */
  fill(dir: string, past: PastRecords): Promise<void>
  /** Calls `use` with a copy of a project. Whatever is done to the store of that, the project itself has its own as it was. */
  onCopy<T>(dir: string, use: (copy: string) => Promise<T>): Promise<T>
  end(): Promise<void>
}

/** The install key of a project. */
export const keyOf = (dir: string): string => readOrMakeInstallKey(join(dir, '.eosflow'), {})

/** What stores are opened with to read them and to fill them: no checkpoint is signed. */
export const BESIDE = {
  clock: { now: Date.now, monotonic: () => performance.now(), sleep: () => Promise.resolve() },
  checkpointKey: () => undefined,
} as const

/** Each store in the file of its project. */
export const fileStores: HistoryStores = {
  kind: 'sqlite',
  settings: () => '',
  // The first command makes it.
  make: async () => undefined,
  open: (dir) => openStore({ path: join(dir, '.eosflow', 'store.db'), installKey: keyOf(dir), ...BESIDE }),
  fill: (dir, past) => fillFile(join(dir, '.eosflow', 'store.db'), keyOf(dir), past),
  onCopy: withFolderCopied,
  end: async () => undefined,
}

/** Makes a store in a file with a history. */
export async function fillFile(path: string, installKey: string, { texts, executions }: PastRecords): Promise<void> {
  const store = await openStore({ path, installKey, ...BESIDE })
  for (const text of texts) await store.put(text)
  await store.close()
  await appendPast(path, installKey, executions)
}

let copies = 0

/** Calls `use` with a copy of a folder, which is taken away then. */
export async function withFolderCopied<T>(dir: string, use: (copy: string) => Promise<T>): Promise<T> {
  copies += 1
  const copy = `${dir}-copy-${copies}`
  cpSync(dir, copy, { recursive: true })
  try {
    return await use(copy)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}
