import { InputError } from '../../app/input-error.ts'
import { askSources } from '../../app/inventory/asked-sources.ts'
import type { Refreshed } from '../../app/inventory/refresh-sources.ts'
import { findProject } from '../../app/project.ts'
import { problemOf } from '../../model/problem.ts'
import { parseDuration } from '../../source/duration.ts'
import type { Command, CommandOption } from '../command.ts'
import type { Invocation } from '../io.ts'

/** It asks by itself, for it says what became of it. */
const REFRESH = 'inventory refresh'

/** Commands that contact switches, or begin what does: what services and programs say of them is asked anew. */
const ANEW: readonly string[] = [
  'plan',
  'run',
  'rehearse',
  'rollback',
  'drift',
  'recover',
  'record',
  'doctor',
  'serve',
  'check run',
  'check try',
  'snapshot take',
  'sessions list',
  'sessions gc',
  'schedule run',
  REFRESH,
]

/** Commands that go on with what was begun: they read what is kept, and open what is encrypted. */
const KEPT: readonly string[] = ['resume', 'redrive', 'approve', 'reject', 'inventory show', 'inventory list']

/** How sources of the inventory are asked. */
const FLAGS: readonly CommandOption[] = [
  {
    flags: '--inventory-age <time>',
    description: 'where a source of the inventory is away, use its last answer if it is at most so old: 24h',
  },
  {
    flags: '--accept-fewer',
    description: 'take the answer of a source that has at most half of the switches that it had',
  },
]

/** The words of a command without its arguments. */
const nameOf = ({ usage }: Pick<Command, 'usage'>): string => usage.replace(/ [<[].*$/, '')

/** The flags that a command has because it asks the sources of the inventory. */
export function inventoryFlags(command: Pick<Command, 'usage'>): readonly CommandOption[] {
  return ANEW.includes(nameOf(command)) ? FLAGS : []
}

/** Asks the sources of the inventory before a command that needs them. Throws as {@link askInventory}. */
export async function askBefore(
  command: Pick<Command, 'usage'>,
  invocation: Pick<Invocation, 'io' | 'global' | 'options'>,
): Promise<void> {
  const name = nameOf(command)
  if (name === REFRESH) return
  if (ANEW.includes(name) && invocation.options.offline === undefined) await askInventory(invocation)
  else if (KEPT.includes(name)) await askInventory(invocation, { kept: true })
}

/**
 * Asks the sources of the inventory that have to be asked; nothing where the project has none. `kept`: only the passwords of its vaults are
 * asked for. Throws as `askSources`.
 */
export async function askInventory(
  { io, global, options }: Pick<Invocation, 'io' | 'global' | 'options'>,
  { kept = false }: { readonly kept?: boolean } = {},
): Promise<readonly Refreshed[]> {
  const project = findProject(io, global)
  if (project === undefined) return []
  const age = ageOf(options.inventoryAge)
  return askSources({ ...io, project }, io, {
    kept,
    ...(age === undefined ? {} : { age }),
    ...(options.acceptFewer === true ? { acceptFewer: true } : {}),
  })
}

function ageOf(given: unknown): number | undefined {
  if (typeof given !== 'string') return undefined
  const age = parseDuration(given)
  if (age !== undefined) return age
  const hint = 'for example 24h or 30m'
  throw new InputError([problemOf('--inventory-age', 'bad-time', `${given} is no duration`, hint)])
}
