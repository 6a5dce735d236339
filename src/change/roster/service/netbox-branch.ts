import { EosflowError } from '../../../model/error.ts'
import { isJsonObject, type Json } from '../../../model/json.ts'

/** A branch of a NetBox, as NetBox Branching says it (docs/netbox-nautobot.md#a-branch-of-netbox). */
export interface NetboxBranch {
  readonly name: string
  readonly schema: string
  readonly status: string
  /** When it was last made equal to main, as NetBox writes it; null where it never was. */
  readonly lastSync: string | null
  readonly merged: string | null
}

/** `url`: its own, without `/api`. */
export function branchAddress(url: string, name: string): URL {
  const address = new URL(`${url.replace(/\/+$/, '')}/api/plugins/branching/branches/`)
  address.searchParams.set('name', name)
  return address
}

/** NetBox passes over a filter that it does not know, so that only a record of that very name counts. Throws `inventory-source`, in words behind `source`. */
export function branchIn(answer: Json, name: string, source: string): NetboxBranch {
  const results = isJsonObject(answer) && Array.isArray(answer.results) ? answer.results : undefined
  if (results === undefined)
    throw fault(`${source}: its answer is no list of branches`, 'Is NetBox Branching installed there?')
  const [found, ...more] = results.filter(
    (one): one is Json & Readonly<Record<string, Json>> => isJsonObject(one) && one.name === name,
  )
  if (found === undefined || more.length > 0) {
    const what = found === undefined ? `has no branch \`${name}\`` : `has ${more.length + 1} branches \`${name}\``
    throw fault(
      `${source} ${what}`,
      'Write its name as NetBox shows it. The token needs the right netbox_branching.view_branch.',
    )
  }
  const { schema_id: schema, last_sync: lastSync, merged_time: merged } = found
  const status = isJsonObject(found.status) ? found.status.value : found.status
  const isGood = typeof schema === 'string' && /^[A-Za-z0-9_]{1,63}$/.test(schema) && typeof status === 'string'
  if (!isGood || !isTime(lastSync) || !isTime(merged))
    throw fault(
      `${source}: a member of the branch \`${name}\` is missing or of another kind`,
      'Which version of NetBox Branching is it?',
    )
  return { name, schema, status, lastSync: lastSync ?? null, merged: merged ?? null }
}

const isTime = (value: Json | undefined): value is string | null | undefined =>
  value === undefined || value === null || (typeof value === 'string' && !Number.isNaN(Date.parse(value)))

const fault = (message: string, hint: string) => new EosflowError('inventory-source', message, { hint })
