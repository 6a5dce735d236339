import { EosflowError } from '../../../model/error.ts'
import type { RefreshResult } from '../../../project/switches/inventory/refresh-sources.ts'
import { InputError, inputError } from '../../../project/system/process/input-error.ts'
import { parseDuration } from '../../../text/source/duration.ts'
import type { Invocation } from '../terminal/io.ts'

/** Commands by the words after `eosflow`, with arguments as commander writes them: `snapshot take [name]`. */
export type CommandTable = Readonly<Record<string, DeclaredCommand>>

interface DeclaredCommand {
  readonly aliases?: readonly string[]
  readonly summary: string
  readonly example: string
  readonly options?: OptionTable
  readonly names?: readonly string[]
  load(): Promise<{ readonly run: (invocation: Invocation) => Promise<number> }>
}

/** `each`: may be given again. */
export type OptionTable = Readonly<Record<string, string | { readonly each: string }>>

export interface Command extends Omit<DeclaredCommand, 'options'> {
  readonly usage: string
  readonly options: readonly CommandOption[]
}

export interface CommandOption {
  readonly flags: string
  readonly description: string
  readonly repeat?: true
}

export function optionsOf(table: OptionTable): readonly CommandOption[] {
  return Object.entries(table).map(([flags, said]) =>
    typeof said === 'string' ? { flags, description: said } : { flags, description: said.each, repeat: true },
  )
}

/** The words of a command, without its arguments: `snapshot take`. */
export function commandName({ usage }: Pick<Command, 'usage'>): string {
  return usage.replace(/ [<[].*$/, '')
}

export const restored: OptionTable = {
  '--restored': 'also an execution that was open in the backup from which the store was restored',
}

export const target: OptionTable = {
  '-t, --target <expr>':
    'only these switches: names, globs, tag:value, group:NAME, @FILE, failed:@latest, with commas, and, or, not',
}
export const skipUnreachable: OptionTable = {
  '--skip-unreachable': 'leave out switches that do not answer; the plan names them, and the exit code is 8',
}
export const noWait: OptionTable = {
  '--no-wait': 'end with exit 9 where a budget of switches under change is full, instead of waiting',
}
const detach: OptionTable = {
  '--detach': 'never ask and never wait for a person: exit 12 when an approval or an answer is needed',
}
export const details: OptionTable = {
  '--details': 'show all that the plan says, also what needs no decision: timers, CloudVision, what is behind it',
}
export const asking: OptionTable = { ...details, ...detach }
export const changeOptions: OptionTable = {
  '-p, --param <key=value>': { each: 'a parameter of the workflow (repeatable)' },
  '--params <file>': 'parameters from a YAML file',
}

export const approveDigest: OptionTable = {
  '--approve <digest>': 'your own approval, given with the command: run the plan only if it has this digest',
}

export const breakGlass: OptionTable = {
  '--break-glass <ticket>':
    'in an emergency: go past approvals and windows as far as the policy allows; it is on record',
}

/** The key under which a change is made once. */
export const key: OptionTable = {
  '--key <key>':
    'make the change only once: the same change with the same key returns the first execution and its outcome',
}

export const maxBytes: OptionTable = {
  '--max-bytes <n>': 'with --markdown: fit it into so many bytes (at least 8192); digest, warnings and waves stay',
}

export const against: OptionTable = {
  '--against <files>': "compare with files, without a store: 'intended/{{ device.name }}.cfg', a folder, or git:BRANCH",
  '--junit <file>': 'with --against: write the results for a CI system',
  '--markdown': 'with --against: print what was found for a pull request',
}

export const format: OptionTable = {
  '--format <format>': 'print the problems as a forge shows them beside their lines: github, gitlab or sarif',
}

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
