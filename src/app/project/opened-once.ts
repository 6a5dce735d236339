import type { Settings } from '../../inventory/settings.ts'
import type { Host } from '../host.ts'
import type { InventoryGround, InventoryReader } from '../inventory/inventory-reader.ts'
import type { ProjectGuard } from './project-guard.ts'

/** What of a project is the same for each who opens it: its settings, its files, and the reader of its inventory. */
export interface OpenedProject extends InventoryGround {
  readonly settings: Settings
  readonly reader: InventoryReader
  readonly guard: ProjectGuard
}

/** By the process that opens projects: the one that was opened last, and what it was opened from. */
const lastOpened = new WeakMap<Host, { readonly from: string; readonly opened: OpenedProject }>()

/**
 * What this process has opened last where `from` is the same as then, else what `open` makes. A command opens its project four times, to know
 * its secrets before anything is printed. Its reader looks at each file of the inventory again, and takes apart what has changed.
 */
export function openedOnce(host: Host, from: string, open: () => OpenedProject): OpenedProject {
  const last = lastOpened.get(host)
  if (last?.from === from) return last.opened
  const opened = open()
  lastOpened.set(host, { from, opened })
  return opened
}
