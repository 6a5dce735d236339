import { z } from 'zod'
import { compareSnapshots } from '../../app/compare-snapshots.ts'
import { InputError } from '../../app/input-error.ts'
import { decided, requireAllowed } from '../../app/policy/authority.ts'
import { snapshotNamed } from '../../app/snapshot-document.ts'
import type { InventoryDevice } from '../../inventory/inventory.ts'
import { executionsJson } from '../../report/execution/row.ts'
import { snapshotDiffAs } from '../../report/snapshot-diff/formats.ts'
import { notThere } from '../not-there.ts'
import { executionsFor, unnamed } from '../readable.ts'
import { defineRoute, type Route } from '../route.ts'
import { document } from './shown.ts'

const one = z.looseObject({ name: z.string(), host: z.string(), tags: z.record(z.string(), z.string()) })

/** So many changes of a switch are shown with it. */
const LAST = 10

/** The switches of the inventory, and the snapshots of them. No switch is asked. */
export const switchRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/switches',
    action: 'execution.read',
    summary: 'The switches of the inventory',
    output: document('Switches', { switches: z.array(one) }),
    answer: async ({ app }, { caller }) => {
      const all = app.project.inventory().devices
      const seen = all.filter(
        ({ name }) => decided(app, caller, 'execution.read', { devices: [name] }).effect === 'allow',
      )
      const [first] = all
      if (first !== undefined && seen.length === 0)
        await unnamed(() => requireAllowed(app, caller, 'execution.read', { devices: [first.name] }))
      return { json: { version: 1, switches: seen.map(shownSwitch) } }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/switches/{name}',
    action: 'execution.read',
    summary: 'One switch: who holds it, and its last changes',
    output: document('Switch', { ...one.shape, executions: z.array(z.looseObject({ id: z.string() })) }),
    answer: async ({ app }, { caller, path }) => {
      const found = app.project.inventory().devices.find(({ name }) => name === path.name)
      const may = decided(app, caller, 'execution.read', { devices: [path.name ?? ''] }).effect === 'allow'
      if (!may)
        await requireAllowed(app, caller, 'execution.read', { devices: [path.name ?? ''] }).catch(() => undefined)
      if (found === undefined || !may) throw notThere('switch')
      const wanted = { target: found.name, states: [], touched: false, most: LAST }
      const { rows } = await executionsFor(app, caller, wanted)
      const lease = await app.leases.leaseOf(found.name)
      const held =
        lease?.until === null || lease === undefined
          ? {}
          : { lease: { execution: lease.execution, until: lease.until } }
      const { executions } = JSON.parse(executionsJson(rows)) as { readonly executions: readonly object[] }
      return { json: { version: 1, ...shownSwitch(found), ...held, executions } }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/snapshots',
    action: 'task.snapshot',
    summary: 'The snapshots, newest first',
    output: document('Snapshots', {
      snapshots: z.array(z.looseObject({ name: z.string(), at: z.string(), devices: z.array(z.string()) })),
    }),
    answer: async ({ app }, { caller }) => {
      const all = (await app.store.snapshots()).map(({ name, at, devices }) => ({ name, at, devices }))
      const seen = all.filter(({ devices }) => decided(app, caller, 'task.snapshot', { devices }).effect === 'allow')
      if (seen.length === 0)
        await unnamed(() => requireAllowed(app, caller, 'task.snapshot', { devices: all[0]?.devices ?? [] }))
      return { json: { version: 1, snapshots: seen } }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/snapshots/{before}/diff/{after}',
    action: 'task.snapshot',
    summary: 'How switches differ between two snapshots',
    output: document('SnapshotDiff', { equal: z.boolean(), devices: z.record(z.string(), z.unknown()) }),
    answer: async ({ app }, { caller, path }) => {
      const [before = '', after = ''] = [path.before, path.after]
      for (const name of [before, after]) await snapshotNamed(app, name).catch(absent)
      // With both sides named nothing is asked of a switch, so nobody is spoken with.
      const quiet = { ...caller, interactive: false, tell: () => undefined, ask: async () => undefined, stop: NEVER }
      const diffs = await compareSnapshots(app, quiet, { before, after, target: undefined })
      return { jsonText: snapshotDiffAs.json(diffs, { before, after }) }
    },
  }),
]

const NEVER = new AbortController().signal

function absent(error: unknown): never {
  throw error instanceof InputError ? notThere('snapshot') : error
}

function shownSwitch({ name, host, tags }: InventoryDevice) {
  return { name, host, tags }
}
