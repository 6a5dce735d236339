import { decided, requireAllowed } from '../../app/policy/authority.ts'
import type { ToolOutput } from '../../mcp/tools.ts'
import { bounded, MOST_UNTRUSTED } from '../../mcp/untrusted.ts'
import type { ShownSource } from '../../report/page/switches.ts'
import type { SeenDrift } from '../drift-seen.ts'
import type { Known } from '../known.ts'
import { notThere } from '../not-there.ts'
import { endsOfSwitches } from '../pages/ends-of-switches.ts'
import { changingFor, executionsFor, namesFor, unnamed } from '../readable.ts'
import type { AgentFront } from './agent-front.ts'
import { rowSeen } from './execution-answers.ts'

const LAST = 10

type Standing = ToolOutput<'switches_list'>['switches'][number]

/** The switches that an agent may see, as they are by the record. */
export async function switchesSeen(front: AgentFront, caller: Known): Promise<ToolOutput<'switches_list'>> {
  return { switches: await standingsOf(front, caller, await seenNames(front, caller)) }
}

/** One switch. For an agent that may not see it, it is not there, and the denial is on record. */
export async function switchSeen(
  front: AgentFront,
  caller: Known,
  name: string,
): Promise<ToolOutput<'switch_standing'>> {
  await requireSeen(front, caller, name)
  const [standing] = await standingsOf(front, caller, [name])
  if (standing === undefined) throw notThere('switch')
  const { rows } = await executionsFor(front.app, caller, { target: name, states: [], touched: false, most: LAST })
  return { ...standing, executions: rows.map(({ state }) => rowSeen(state)) }
}

/** How switches differed when somebody compared them last. */
export async function driftSeen(
  front: AgentFront,
  caller: Known,
  name: string | undefined,
): Promise<ToolOutput<'drift_list'>> {
  if (name !== undefined) await requireSeen(front, caller, name)
  const names = name === undefined ? await seenNames(front, caller) : [name]
  const ends = await endsOfSwitches(front.app, caller, names)
  await front.drift.refresh()
  let left = MOST_UNTRUSTED
  const switches = names.map((one) => {
    const seen = front.drift.of(one, ends.get(one)?.confirmed?.since)
    const mayRead = decided(front.app, caller, 'task.snapshot', { devices: [one] }).effect === 'allow'
    const diff = seen === undefined || !mayRead ? undefined : linesOf(seen)
    const shown = diff === undefined || left === 0 ? undefined : bounded(diff, left)
    left -= Buffer.byteLength(shown ?? '')
    return { name: one, ...driftOf(seen), ...(shown === undefined ? {} : { untrusted_diff: shown }) }
  })
  return { switches }
}

async function seenNames({ app }: AgentFront, caller: Known): Promise<readonly string[]> {
  const names = namesFor(app, caller)
  if (names.length === 0) await unnamed(() => requireAllowed(app, caller, 'execution.read'))
  return names
}

async function requireSeen({ app }: AgentFront, caller: Known, name: string): Promise<void> {
  if (namesFor(app, caller).includes(name)) return
  await requireAllowed(app, caller, 'execution.read', { devices: [name] }).catch(() => undefined)
  throw notThere('switch')
}

async function standingsOf({ app, drift }: AgentFront, caller: Known, names: readonly string[]): Promise<Standing[]> {
  const ends = await endsOfSwitches(app, caller, names)
  const open = await changingFor(app, caller)
  await drift.refresh()
  const devices = app.project.inventory().devices.filter(({ name }) => names.includes(name))
  return devices.map(({ name, tags }): Standing => {
    const { unknown, confirmed } = ends.get(name) ?? {}
    const changing = open.find(({ state }) => state.targets.includes(name))?.state.id
    const isConfirmed = confirmed !== undefined
    const standing = unknown !== undefined ? 'unknown' : changing !== undefined ? 'changing' : undefined
    return {
      name,
      tags: { ...tags },
      standing: standing ?? (isConfirmed ? 'confirmed' : 'never-confirmed'),
      ...(changing === undefined ? {} : { changing }),
      ...(confirmed === undefined ? {} : { confirmed: { by: sourceName(confirmed.source), since: confirmed.since } }),
      ...driftOf(drift.of(name, confirmed?.since)),
    }
  })
}

/** What confirmed a switch. An execution or a snapshot that the agent may not see has no name. */
function sourceName(source: ShownSource): string {
  if (source.kind === 'execution') return source.id === undefined ? 'an execution' : `execution ${source.id}`
  return source.name === undefined ? 'a snapshot' : `snapshot ${source.name}`
}

function driftOf(found: SeenDrift | undefined): Pick<Standing, 'drift'> {
  return found === undefined ? {} : { drift: { state: found.drift.state, at: found.at } }
}

function linesOf({ drift }: SeenDrift): string | undefined {
  if (drift.state !== 'differs') return undefined
  return drift.config.map(({ sign, text }) => `${sign}${text}`).join('\n')
}
