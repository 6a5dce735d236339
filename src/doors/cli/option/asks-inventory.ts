import { EosflowError } from '../../../model/error.ts'
import type { RefreshResult } from '../../../project/switches/inventory/refresh-sources.ts'
import { InputError, inputError } from '../../../project/system/process/input-error.ts'
import { parseDuration } from '../../../text/source/duration.ts'
import type { Invocation } from '../terminal/io.ts'
import { type CommandOption, commandName, optionsOf } from './command.ts'

const REFRESH = 'inventory refresh'

const ANEW = `plan, run, change, rehearse, drift, record, serve, mcp, check run, check try, snapshot take, sessions list, sessions gc, schedule run, ${REFRESH}`

const NEVER =
  'init, demo, trust project, schema, completion, login, logout, inventory read, sim start, sim status, sim fault'

const isIn = (commands: string, usage: string) => commands.split(', ').includes(commandName({ usage }))

type Asking = Pick<Invocation, 'io' | 'global' | 'options'>

/** The flags that a command has because it asks the sources of the inventory. */
export function inventoryFlags(usage: string): readonly CommandOption[] {
  if (!isIn(ANEW, usage)) return []
  return optionsOf({
    '--inventory-age <time>':
      'where a source of the inventory is away, use its last answer if it is at most so old: 24h',
    '--accept-fewer': 'take the answer of a source that has at most half of the switches that it had',
  })
}

/** Asks the sources of the inventory before a command that needs them. What stops a change, puts it back or goes on with it reads what is kept: at night that must not need one more service. */
export async function askBefore(usage: string, invocation: Asking): Promise<void> {
  if (usage === REFRESH || isIn(NEVER, usage)) return
  if (isIn(ANEW, usage) && invocation.options.offline === undefined) await askInventory(invocation)
  else await openKept(invocation)
}

async function openKept(invocation: Asking) {
  try {
    await askInventory(invocation, true)
  } catch (error) {
    const isSaidLater = error instanceof InputError || (error instanceof EosflowError && error.kind === 'secret')
    if (!isSaidLater) throw error
  }
}

/** `isKept`: only the passwords of vaults are asked for. Throws as `askSources`. */
export async function askInventory({ io, global, options }: Asking, isKept = false): Promise<readonly RefreshResult[]> {
  const { findProject } = await import('../../../project/files/project.ts')
  const project = findProject(io, global)
  if (project === undefined) return []
  if (isKept && !Buffer.from(project.files(project.settings.inventory) ?? '').includes('vault:')) return []
  const { inventoryAge: typed, acceptFewer } = options
  const age = typeof typed === 'string' ? parseDuration(typed) : undefined
  if (typed !== undefined && age === undefined)
    throw inputError('--inventory-age', 'bad-time', `${typed} is no duration`, 'for example 24h or 30m')
  // What a project and its sources are read with takes longer to load than many a command takes.
  const { askSources } = await import('../../../project/switches/inventory/refresh-sources.ts')
  const asking = { kept: isKept, acceptFewer: acceptFewer === true }
  return askSources({ ...io, project }, io, age === undefined ? asking : { ...asking, age })
}
