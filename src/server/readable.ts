import type { App } from '../app/app.ts'
import type { Asking } from '../app/caller.ts'
import { type Listing, type ListingRequest, listExecutions } from '../app/list-executions.ts'
import { decided, requireAllowed } from '../app/policy/authority.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { EosflowError } from '../model/error.ts'
import { scopes } from '../model/principal.ts'

/** The switches that somebody may read. */
export function namesFor(app: App, caller: Asking): readonly string[] {
  const all = app.project.inventory().devices.map(({ name }) => name)
  return all.filter((name) => decided(app, caller, 'execution.read', { devices: [name] }).effect === 'allow')
}

/** The inventory as far as the policy lets somebody do anything: no other switch is named to them. */
export function inventoryFor(app: App, caller: Asking): Inventory {
  const inventory = app.project.inventory()
  const devices = inventory.devices.filter(({ name }) =>
    scopes.some((scope) => decided(app, caller, scope, { devices: [name] }).effect === 'allow'),
  )
  return { ...inventory, devices }
}

/** The executions that somebody may read, as {@link listExecutions} lists them; none for whoever may read switches and no execution. */
export async function executionsFor(
  app: App,
  caller: Asking,
  wanted: ListingRequest,
): Promise<Pick<Listing, 'rows' | 'isCut'>> {
  try {
    return await unnamed(() => listExecutions(app, caller, wanted))
  } catch (error) {
    if (!isDenial(error) || namesFor(app, caller).length === 0) throw error
    return { rows: [], isCut: false }
  }
}

/** Requires that somebody may read some switch or some execution. Throws `not-authorised`. */
export async function requireSome(app: App, caller: Asking): Promise<void> {
  if (namesFor(app, caller).length > 0) return
  const { rows } = await executionsFor(app, caller, { target: undefined, states: [], touched: false, most: 1 })
  if (rows.length === 0) await requireAllowed(app, caller, 'execution.read')
}

/** Does something for somebody who may see nothing of what it is about. The denial is on record as it is; what they are told names none of it. */
export async function unnamed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isDenial(error) ? nothingThere() : error
  }
}

function isDenial(error: unknown): boolean {
  return error instanceof EosflowError && error.kind === 'not-authorised'
}

function nothingThere(): EosflowError {
  return new EosflowError('not-authorised', 'the policy lets you see none of what is there', {
    hint: '/policy says what it decides about you, and by which rules.',
  })
}
