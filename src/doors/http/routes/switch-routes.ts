import { z } from 'zod'
import type { InventoryDevice } from '../../../change/inventory/inventory.ts'
import { isAllowed, requireAllowed } from '../../../project/access/policy/authority.ts'
import { shownSnapshot } from '../../../project/switches/snapshot/snapshot-document.ts'
import { executionsJson } from '../../../report/execution/row.ts'
import { snapshotDiffAs } from '../../../report/snapshot-diff/formats.ts'
import { compared } from '../context/compared.ts'
import { defineRoute, type Route } from '../context/route.ts'
import { executionsFor, mayReadExecution, notThere, snapshotsFor, unnamed } from '../request/readable.ts'
import { document, searched, searchedTo, text } from './execution-routes.ts'

const one = z.looseObject({ name: text, host: text, tags: z.record(text, text) })

const snapshotDiff = document('SnapshotDiff', { equal: z.boolean(), devices: z.record(text, z.unknown()) })

const LAST = 10

export const switchRoutes: readonly Route[] = [
  defineRoute('GET /api/v1/switches', 'execution.read', 'The switches of the inventory', {
    output: document('Switches', { switches: z.array(one) }),
    answer: async ({ app }, { caller }) => {
      const all = app.project.inventory().devices
      const seen = all.filter(({ name }) => isAllowed(app, caller, 'execution.read', { devices: [name] }))
      const [first] = all
      if (first !== undefined && seen.length === 0)
        await unnamed(() => requireAllowed(app, caller, 'execution.read', { devices: [first.name] }))
      return { json: { version: 1, switches: seen.map(shownSwitch) } }
    },
  }),
  defineRoute('GET /api/v1/switches/{name}', 'execution.read', 'One switch: who holds it, and its last changes', {
    output: document('Switch', {
      ...one.shape,
      executions: z.array(z.looseObject({ id: text })),
      searchedTo: searched,
    }),
    answer: async ({ app }, { caller, path }) => {
      const found = app.project.inventory().devices.find(({ name }) => name === path.name)
      const may = isAllowed(app, caller, 'execution.read', { devices: [path.name ?? ''] })
      if (!may)
        await requireAllowed(app, caller, 'execution.read', { devices: [path.name ?? ''] }).catch(() => undefined)
      if (found === undefined || !may) throw notThere('switch')
      const wanted = { target: found.name, states: [], touched: false, most: LAST }
      const { rows, more } = await executionsFor(app, caller, wanted)
      const lease = await app.leases.leaseOf(found.name)
      const held =
        lease === undefined || lease.until === null || !(await mayReadExecution(app, caller, lease.execution))
          ? {}
          : { lease: { execution: lease.execution, until: lease.until } }
      const { executions } = JSON.parse(executionsJson(rows)) as { readonly executions: readonly object[] }
      return { json: { version: 1, ...shownSwitch(found), ...held, executions, ...searchedTo(more) } }
    },
  }),
  defineRoute('GET /api/v1/snapshots', 'task.snapshot', 'The snapshots, newest first', {
    output: document('Snapshots', {
      snapshots: z.array(z.looseObject({ name: text, at: text, devices: z.array(text) })),
    }),
    answer: async ({ app }, { caller }) => {
      const snapshots = (await snapshotsFor(app, caller)).map(shownSnapshot)
      return { json: { version: 1, snapshots } }
    },
  }),
  defineRoute(
    'GET /api/v1/snapshots/{before}/diff/{after}',
    'task.snapshot',
    'How switches differ between two snapshots',
    {
      output: snapshotDiff,
      answer: async (front, { caller, path }) => {
        const [before = '', after = ''] = [path.before, path.after]
        const diffs = await compared(front, caller, { before, after })
        return { jsonText: snapshotDiffAs.json(diffs, { before, after }) }
      },
    },
  ),
  defineRoute(
    'POST /api/v1/snapshots/{before}/comparisons',
    'task.snapshot',
    'How switches differ now from a snapshot; reads only',
    {
      output: snapshotDiff,
      answer: async (front, { caller, path }) => {
        const sides = { before: path.before ?? '' }
        return { jsonText: snapshotDiffAs.json(await compared(front, caller, sides), sides) }
      },
    },
  ),
]

function shownSwitch({ name, host, tags }: InventoryDevice) {
  return { name, host, tags }
}
