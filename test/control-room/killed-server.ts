import { renderConfig } from '../../src/eos/config/text/parse.ts'
import type { RunningFabric } from '../../src/lab/trial/start-fabric.ts'
import type { KillOrder } from '../lab/entry/killing-server.ts'
import { assertSettled, json, soon, typedWithYes } from '../lab/lab.ts'
import { bundled } from '../lab/processes.ts'
import { type OwnServer, openStream, type ServerProcess, type StreamEvent, startOwnServer } from './server-process.ts'

/** A change during which something was killed, and everything of it that is not true. */
export interface KilledChange {
  readonly order: KillOrder | undefined
  /** The record behind which it was killed; undefined where the change had ended before. */
  readonly killedAt: string | undefined
  readonly seqs: readonly number[]
  readonly outcome: string
  readonly wrong: readonly string[]
}

/** A server that is killed again and again, and started again each time. */
export interface KilledServer {
  /** Where it is reached, and by which cookie somebody is known there. */
  readonly reached: Pick<ServerProcess, 'origin' | 'cookie'>
  /** Makes a change of both leaves, from the plan to its end, during which something is killed. `begun` is told which it is. */
  change(order?: KillOrder, begun?: (execution: string) => Promise<void>): Promise<KilledChange>
  close(): Promise<void>
}

interface Recorded {
  readonly seq: number
  readonly type: string
  readonly act?: string
}

/** The first VLAN of these changes; each has one of its own. */
const FIRST_VLAN = 200
const LONGEST = 180_000
/** A decision is given once more where the server was killed before it could answer. In milliseconds. */
const ANSWERED = 4_000

/** Starts a server that can be killed. */
export async function startKilledServer(): Promise<KilledServer> {
  const { file, remove } = await bundled('killing-server')
  const own = await startOwnServer(file)
  let vlan = FIRST_VLAN - 1
  return {
    reached: own.server,
    change: async (order, begun = async () => undefined) => {
      vlan += 1
      return change(own, vlan, order, begun)
    },
    close: async () => {
      await own.close()
      remove()
    },
  }
}

async function change(
  { server, dir, fabric }: OwnServer,
  vlan: number,
  order: KillOrder | undefined,
  begun: (execution: string) => Promise<void>,
) {
  const { starts } = server
  if (order !== undefined) server.process.send(order)
  const asked = { workflow: 'workflows/add-vlan.yaml', params: { vlan }, key: `vlan-${vlan}` }
  const id = String((await server.post('/api/v1/executions', asked)).json.execution)
  const stream = openStream(server.origin, `/api/v1/stream?topics=execution:${id}`, server.cookie)
  try {
    await begun(id)
    const outcome = await driven(server, id)
    const records = (await json(typedWithYes(dir, 'history', id, '--json'))) as readonly Recorded[]
    const last = records.at(-1)?.seq ?? 0
    const seen = () => seqsOf(stream.events)
    const isEndShown = () => seen().includes(last) && lastView(stream.events)?.data.status === 'ended'
    const isShown = await soon(isEndShown, 15_000).then(
      () => true,
      () => false,
    )
    const isKilled = order !== undefined && order.records <= records.length
    const at = lastBefore(records, order)
    const killedAt = isKilled && at !== undefined ? `${at.type}${at.act === undefined ? '' : ` ${at.act}`}` : undefined
    const wrong = [
      ...(isShown ? [] : ['whoever watches does not see its end']),
      ...wrongInStream(stream.events, records),
      ...stream.refused.map((status) => `whoever watches is refused with ${status}`),
      ...wrongOnSwitches(fabric, vlan, outcome),
      ...wrongEnd(outcome, order, killedAt),
      ...(order?.what === 'server' && isKilled && server.starts !== starts + 1
        ? ['the server was not killed once']
        : []),
      ...(order?.what === 'front' && isKilled && stream.connections < 2 && order.records > 3
        ? ['the front was not killed']
        : []),
    ]
    return { order, killedAt, seqs: records.map(({ seq }) => seq), outcome, wrong }
  } finally {
    stream.close()
  }
}

/** Approves an execution when it asks for that, and waits for its end. Gives its outcome. */
async function driven(server: ServerProcess, id: string) {
  const path = `/api/v1/executions/${id}`
  const end = Date.now() + LONGEST
  let approved = 0
  while (Date.now() < end) {
    const { json } = await server.get(path)
    if (json.status === 'ended') return String(json.outcome)
    if (json.waitingFor !== undefined && Date.now() - approved > ANSWERED) {
      approved = Date.now()
      await server.post(`/api/v1/plans/${String(json.plan)}/decisions`, { decision: 'approve' })
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return 'none in time'
}

/**
 * The last record before the kill. Some are written together: the use of an approval with the intent of the timed commit that it is for. Of a
 * server it is the one before the next server took the execution up.
 */
function lastBefore(records: readonly Recorded[], order: KillOrder | undefined) {
  const nth = order?.records ?? 0
  const taken = records.findIndex(({ type }, index) => index >= nth && type === 'ExecutionResumed')
  return records[(order?.what === 'server' && taken > 0 ? taken : nth) - 1]
}

function seqsOf(events: readonly StreamEvent[]) {
  return events.flatMap(({ event, data }) => (event === 'record' ? [Number(data.seq)] : []))
}

/** The last view in which the standing has changed. */
function lastView(events: readonly StreamEvent[]) {
  return events.findLast(({ event, data }) => event === 'view' && data.status !== undefined)
}

/** Whoever stayed sees every record behind the first view once and in order. */
function wrongInStream(events: readonly StreamEvent[], records: readonly Recorded[]) {
  const first = events.find(({ event }) => event === 'view')
  const { last = 0 } = (first?.data.records ?? {}) as { readonly last?: number }
  const seen = seqsOf(events)
  // What came onto the record while the first view was made is in it, and may be sent besides.
  const from = Math.min(last + 1, seen[0] ?? Number.POSITIVE_INFINITY)
  const expected = records.flatMap(({ seq }) => (seq >= from ? [seq] : []))
  return [
    ...(seen.join() === expected.join() ? [] : [`records ${expected.join()} were watched as ${seen.join()}`]),
    ...events.flatMap(({ event }) => (event === 'resync' ? ['whoever watches is told to load again'] : [])),
  ]
}

/** Both switches are where the outcome says, and what they run is saved. */
function wrongOnSwitches(fabric: RunningFabric, vlan: number, outcome: string) {
  const expected = outcome === 'succeeded'
  const wrong = fabric.devices.flatMap(({ name, switch: device }) =>
    [device.running, device.startup].every((config) => renderConfig(config).includes(`\nvlan ${vlan}\n`) === expected)
      ? []
      : [`${name} is not where "${outcome}" says`],
  )
  try {
    assertSettled(fabric)
    return wrong
  } catch (error) {
    return [...wrong, error instanceof Error ? error.message : String(error)]
  }
}

/**
 * A front that dies changes nothing. A server that dies between the intent of a timed commit and its answer puts the change back
 * (docs/fault-model.md row 4); in every other moment the change is made.
 */
function wrongEnd(outcome: string, order: KillOrder | undefined, killedAt: string | undefined) {
  const isIntendedOnly = order?.what === 'server' && killedAt === 'ActIntended arm'
  return (outcome === 'succeeded') === !isIntendedOnly ? [] : [`it has ended ${outcome}`]
}
