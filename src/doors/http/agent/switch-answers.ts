import { definedMembers } from '../../../model/defined-members.ts'
import { messageOf } from '../../../model/error.ts'
import { decided, requireAllowed } from '../../../project/access/policy/authority.ts'
import { sumOfDrift } from '../../../report/drift/drift-sum.ts'
import type { ShownSource } from '../../../report/page/switches.ts'
import { pageOf } from '../../agents/page.ts'
import type { ToolInput, ToolOutput } from '../../agents/tools.ts'
import { bounded, fitting } from '../../agents/untrusted.ts'
import type { IdentifiedCaller } from '../context/identified-caller.ts'
import { askerOf } from '../context/route.ts'
import type { SeenDrift } from '../jobs/drift-seen.ts'
import { endsOfSwitches } from '../pages/ends-of-switches.ts'
import { notThere } from '../request/not-there.ts'
import { changingFor, executionsFor, namesFor, unnamed } from '../request/readable.ts'
import type { AgentFront } from './agent-front.ts'
import { rowSeen } from './execution-answers.ts'

const LAST = 10
const TAGS = 2_000
const [LINES, ALL_LINES] = [4_000, 28_000]

type Standing = ToolOutput<'switches_list'>['switches'][number]
type Compared = ToolOutput<'drift_list'>

export async function switchesSeen(
  front: AgentFront,
  caller: IdentifiedCaller,
  { search, standing: wanted, ...page }: ToolInput<'switches_list'>,
): Promise<ToolOutput<'switches_list'>> {
  const all = await standingsOf(front, caller, await seenNames(front, caller))
  const many = (standing: Standing['standing']) => all.filter((one) => one.standing === standing).length
  const { shown, ...more } = pageOf(all, page, {
    nameOf: ({ name }) => name,
    isMeant: (one) => (wanted === undefined || one.standing === wanted) && (search === undefined || has(one, search)),
    shown: (one) => one,
  })
  return {
    summary: {
      switches: all.length,
      confirmed: many('confirmed'),
      neverConfirmed: many('never-confirmed'),
      unknown: many('unknown'),
      changing: many('changing'),
      differs: all.filter(({ drift }) => drift?.state === 'differs').length,
    },
    switches: [...shown],
    ...more,
  }
}

function has({ name, untrusted_tags: tags }: Standing, search: string) {
  return name.includes(search) || Object.entries(tags).some(([tag, value]) => `${tag}:${value}`.includes(search))
}

/** For an agent that may not see it, it is not there, and the denial is on record. */
export async function switchSeen(
  front: AgentFront,
  caller: IdentifiedCaller,
  name: string,
): Promise<ToolOutput<'switch_standing'>> {
  await requireSeen(front, caller, [name])
  const [standing] = await standingsOf(front, caller, [name])
  if (standing === undefined) throw notThere('switch')
  const { rows } = await executionsFor(front.app, caller, { target: name, states: [], touched: false, most: LAST })
  return { ...standing, executions: rows.map(rowSeen) }
}

export async function driftSeen(
  front: AgentFront,
  caller: IdentifiedCaller,
  { name, state, ...page }: ToolInput<'drift_list'>,
): Promise<Compared> {
  if (name !== undefined) await requireSeen(front, caller, [name])
  const names = name === undefined ? await seenNames(front, caller) : [name]
  const isMeant = (found: SeenDrift | undefined) => {
    if (state !== undefined || name !== undefined) return state === undefined || found?.drift.state === state
    return found !== undefined && found.drift.state !== 'same'
  }
  return comparedAs(front, caller, names, { ...page, isMeant })
}

export async function driftChecked(
  front: AgentFront,
  caller: IdentifiedCaller,
  names: readonly string[],
): Promise<Compared> {
  await requireSeen(front, caller, names)
  const work = () => front.acts.ask('drift', askerOf(caller), { targets: names.join(', ') })
  const found = await front.allowance.begin(caller.principal, work, () => 'beside')
  await front.drift.take(found, new Date(front.app.clock.now()).toISOString())
  return comparedAs(front, caller, names, { limit: names.length, isMeant: () => true })
}

async function comparedAs(
  front: AgentFront,
  caller: IdentifiedCaller,
  names: readonly string[],
  wanted: Pick<ToolInput<'drift_list'>, 'limit' | 'cursor'> & { isMeant(found: SeenDrift | undefined): boolean },
): Promise<Compared> {
  const { app, drift } = front
  const ends = await endsOfSwitches(app, caller, names)
  await drift.refresh()
  const all = names.map((name) => ({ name, found: drift.of(name, ends.get(name)?.confirmed?.since) }))
  const seen = all.flatMap(({ found }) => found?.drift ?? [])
  const { shown, ...more } = pageOf(all, wanted, {
    nameOf: ({ name }) => name,
    isMeant: ({ found }) => wanted.isMeant(found),
    shown: ({ name, found }) => {
      const mayRead = decided(app, caller, 'task.snapshot', { devices: [name] }).effect === 'allow'
      return { name, ...driftOf(found), ...(mayRead ? wordsOf(found, names.length === 1 ? ALL_LINES : LINES) : {}) }
    },
  })
  const { inSnapshot: _, ...sum } = sumOfDrift(seen)
  return { summary: { ...sum, notCompared: all.length - seen.length }, switches: [...shown], ...more }
}

async function seenNames({ app }: AgentFront, caller: IdentifiedCaller) {
  const names = namesFor(app, caller)
  if (names.length === 0) await unnamed(() => requireAllowed(app, caller, 'execution.read'))
  return names
}

async function requireSeen({ app }: AgentFront, caller: IdentifiedCaller, names: readonly string[]) {
  const seen = new Set(namesFor(app, caller))
  const name = names.find((one) => !seen.has(one))
  if (name === undefined) return
  await requireAllowed(app, caller, 'execution.read', { devices: [name] }).catch(() => undefined)
  throw notThere('switch')
}

async function standingsOf(
  { app, drift }: AgentFront,
  caller: IdentifiedCaller,
  names: readonly string[],
): Promise<Standing[]> {
  const ends = await endsOfSwitches(app, caller, names)
  const open = new Map(
    (await changingFor(app, caller)).flatMap(({ state }) => state.targets.map((name) => [name, state.id])),
  )
  await drift.refresh()
  const wanted = new Set(names)
  const devices = app.project.inventory().devices.filter(({ name }) => wanted.has(name))
  return devices.map(({ name, tags }): Standing => {
    const { unknown, confirmed } = ends.get(name) ?? {}
    const changing = open.get(name)
    const isConfirmed = confirmed !== undefined
    const standing = unknown !== undefined ? 'unknown' : changing !== undefined ? 'changing' : undefined
    return {
      name,
      untrusted_tags: Object.fromEntries(
        fitting(Object.entries(tags), TAGS).map(([tag, value]) => [tag, bounded(value, TAGS)]),
      ),
      standing: standing ?? (isConfirmed ? 'confirmed' : 'never-confirmed'),
      ...definedMembers({ changing }),
      ...(confirmed === undefined ? {} : { confirmed: { by: sourceName(confirmed.source), since: confirmed.since } }),
      ...driftOf(drift.of(name, confirmed?.since)),
    }
  })
}

function sourceName(source: ShownSource) {
  if (source.kind === 'execution') return source.id === undefined ? 'an execution' : `execution ${source.id}`
  return source.name === undefined ? 'a snapshot' : `snapshot ${source.name}`
}

function driftOf(found: SeenDrift | undefined): Pick<Standing, 'drift'> {
  return found === undefined ? {} : { drift: { state: found.drift.state, at: found.at } }
}

function wordsOf(found: SeenDrift | undefined, most: number): Omit<Compared['switches'][number], 'name' | 'drift'> {
  const drift = found?.drift
  if (drift?.state === 'unread') {
    const { failure } = drift
    return { untrusted_failure: bounded(messageOf(failure), LINES) }
  }
  if (drift?.state !== 'differs') return {}
  return { untrusted_diff: bounded(drift.config.map(({ sign, text }) => `${sign}${text}`).join('\n'), most) }
}
