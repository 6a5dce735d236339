import { useApproval } from '../../simulate/checker/decisions.ts'
import { byPlace } from '../../src/journal/cursor.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import type { RunningFabric } from '../../src/trial/start-fabric.ts'
import { eosflow } from '../e2e/crash.ts'
import { assertSettled } from '../lab/sockets.ts'

/** Which execution has a switch, by the records read so far, and how often each was committed under a timer. */
interface Seen {
  readonly holders: Map<string, string>
  readonly timed: Map<string, number>
  readonly ended: Set<string>
  readonly uses: Map<string, string>
}

/** Everything that is not true of a store at rest and of the switches that it has changed: what its record says, and what they are. */
export async function judgeStore(dir: string, fabric: RunningFabric): Promise<readonly string[]> {
  const verified = await eosflow(dir, 'audit', 'verify')
  const listed = JSON.parse((await eosflow(dir, 'executions', '--json')).out) as {
    readonly executions: readonly { readonly id: string }[]
  }
  const records: JournalEvent[] = []
  for (const { id } of listed.executions)
    records.push(...(JSON.parse((await eosflow(dir, 'history', id, '--json')).out) as readonly JournalEvent[]))
  const seen: Seen = { holders: new Map(), timed: new Map(), ended: new Set(), uses: new Map() }
  const wrong = records.toSorted(byPlace).flatMap((event) => judge(seen, event))
  const drift = await eosflow(dir, 'drift', '--detailed-exitcode')
  return [
    ...(verified.code === 0 ? [] : [`audit verify: exit ${verified.code}\n${verified.out}${verified.err}`]),
    ...wrong,
    ...fabric.devices.flatMap((device) => {
      const { timed } = device.counters().commits
      const said = seen.timed.get(device.name) ?? 0
      return timed === said ? [] : [`${device.name} was committed ${timed} times, and ${said} are on record`]
    }),
    ...(drift.code === 0 ? [] : [`drift: exit ${drift.code}\n${drift.out}${drift.err}`]),
    ...unsettled(fabric),
  ]
}

/** What one record must not say after those before it. */
function judge(seen: Seen, event: JournalEvent): readonly string[] {
  const { execution = '', type, seq } = event
  const wrong: string[] = []
  if (type === 'ExecutionRedriven') seen.ended.delete(execution)
  else if (seen.ended.has(execution)) wrong.push(`${seq}: ${type} behind the end of ${execution}`)
  if ('error' in event && event.error?.kind === 'bug') wrong.push(`${seq}: ${type}: ${event.error.message}`)
  if (type === 'ApprovalUsed') wrong.push(...usedTwice(seen, event.nonce, execution))
  if (type === 'ExecutionEnded') {
    seen.ended.add(execution)
    for (const [device, holder] of seen.holders) if (holder === execution) seen.holders.delete(device)
  }
  return [...wrong, ...judgeCommit(seen, event)]
}

/** A timed commit is of the one execution that has the switch. */
function judgeCommit({ holders, timed }: Seen, event: JournalEvent): readonly string[] {
  const { execution = '', seq } = event
  if (event.type === 'ActFinished' && event.act === 'arm' && event.outcome === 'done')
    timed.set(event.device, (timed.get(event.device) ?? 0) + 1)
  if (event.type !== 'ActIntended' || event.act !== 'arm') return []
  const holder = holders.get(event.device) ?? execution
  holders.set(event.device, execution)
  return holder === execution
    ? []
    : [`${seq}: ${execution} commits on ${event.device}, which ${holder} has not settled`]
}

function usedTwice(seen: Seen, nonce: string, id: string): readonly string[] {
  try {
    useApproval({ statements: [], uses: seen.uses, highestWall: 0 }, nonce, { id } as never)
    return []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

function unsettled(fabric: RunningFabric): readonly string[] {
  try {
    assertSettled(fabric)
    return []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}
