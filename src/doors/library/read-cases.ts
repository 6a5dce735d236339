import { foldAll } from '../../change/engine/fold.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { readFacts } from '../../features/facts/read-facts.ts'
import { messageOf } from '../../model/error.ts'
import { requireAllowed } from '../../project/access/policy/authority.ts'
import { aboutExecution } from '../../project/access/policy/entry.ts'
import { changeRecordOf, recordLeft } from '../../project/history/change-record.ts'
import { seenExecution } from '../../project/history/execution-view.ts'
import { executionNamed } from '../../project/history/executions/execution-named.ts'
import { listExecutions, STATES } from '../../project/history/executions/list-executions.ts'
import { suspensionOf } from '../../project/history/requests/suspension.ts'
import { exportTo } from '../../project/record/audit/export-to.ts'
import { askedChecks, verifySwitches } from '../../project/switches/check/asked-checks.ts'
import { driftOfSwitches } from '../../project/switches/drift/drift-of-switches.ts'
import { chosenDevices } from '../../project/switches/inventory/chosen-devices.ts'
import { tellWarnings } from '../../project/switches/inventory/tell-warnings.ts'
import { takeSnapshot } from '../../project/switches/snapshot/take-snapshot.ts'
import { inputError } from '../../project/system/process/input-error.ts'
import { changeRecordPage } from '../../report/change-record/change-record.ts'
import { checkResultsAs } from '../../report/check-results/formats.ts'
import { driftAs } from '../../report/drift/formats.ts'
import { historyJson, historyOf } from '../../report/event-words/history.ts'
import { executionAs } from '../../report/execution/formats.ts'
import { executionsJson } from '../../report/execution/row.ts'
import { factsAs } from '../../report/facts/formats.ts'
import { listedSwitch, switchListJson } from '../../report/inventory/switch-list.ts'
import { exitCodeOf } from '../../report/phrases/exit-code.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import type { EosflowProject } from './eosflow-project.ts'
import { givenRequest } from './given-request.ts'
import { type ProjectDoor, type Visit, visitor } from './project-door.ts'

/** What of a project reads: switches, files and the record. */
export type ReadCases = Pick<
  EosflowProject,
  | 'whoami'
  | 'inventory'
  | 'facts'
  | 'drift'
  | 'check'
  | 'snapshot'
  | 'show'
  | 'history'
  | 'executions'
  | 'record'
  | 'exportRecords'
>

/** The use cases that read. */
export function readCases(door: ProjectDoor): ReadCases {
  return {
    whoami: () =>
      door.beside(nothing, async (project) => {
        const { principal, expires } = await visitor(door.terms, project)
        const until = expires === undefined ? {} : { expires: new Date(expires).toISOString() }
        return door.document(JSON.stringify({ version: 1, identity: principal, ...until }))
      }),
    inventory: (request) =>
      door.beside(
        () => givenRequest('inventory', request),
        async (project, { target }) => {
          const inventory = project.inventory()
          tellWarnings(inventory, door.terms.console)
          return door.document(JSON.stringify(switchListJson(chosenDevices(inventory, target).map(listedSwitch))))
        },
      ),
    facts: door.asked('anew', 'facts', async ({ app, caller, target }, given) => {
      return door.document(factsAs.json(await readFacts(app, caller, await target(given.target))))
    }),
    drift: door.asked('anew', 'drift', async ({ app, caller, target }, given) => {
      return door.document(driftAs.json(await driftOfSwitches(app, caller, await target(given.target))))
    }),
    check: door.asked(
      'anew',
      'check',
      async ({ app, caller, target }, { catalog, tags = [], only = [], since, within = 0, target: given }) => {
        const asked = await askedChecks(app, { catalog, tags, only, since, target: await target(given) })
        const verified = await verifySwitches(app, caller, asked, within)
        return door.document(checkResultsAs.json(verified.flatMap(({ results }) => results)))
      },
    ),
    snapshot: door.asked('anew', 'snapshot', async ({ app, caller, target }, given) => {
      const asked = { target: await target(given.target), name: given.name }
      const { failure, ...taken } = await takeSnapshot(app, caller, asked)
      if (failure !== undefined)
        caller.tell(`! not in the snapshot: ${taken.missing.join(' ')}: ${messageOf(failure)}\n`)
      return door.document(JSON.stringify({ version: 1, kind: 'snapshot', ...taken }))
    }),
    show: door.asked('kept', 'execution', (visit, id) => shown(door, visit, id)),
    history: door.asked('kept', 'execution', async (visit, given) => {
      const { id, events } = await readable(visit, given)
      return door.document(historyJson(historyOf(id, events)))
    }),
    executions: door.asked(
      'kept',
      'executions',
      async ({ app, caller, target }, { states = [], touched = false, most = FIRST, target: given }) => {
        const unknown = states.find((word) => !STATES.includes(word))
        if (unknown !== undefined)
          throw inputError(
            'executions(states)',
            'unknown-state',
            `\`${unknown}\` is no state`,
            didYouMean(unknown, STATES),
          )
        const asked = { target: await target(given), states, touched, most }
        const { rows, elsewhere } = await listExecutions(app, caller, asked)
        if (elsewhere !== undefined) throw elsewhere.error
        return door.document(executionsJson(rows))
      },
      { reads: true },
    ),
    record: door.asked('kept', 'execution', async (visit, given) => {
      const { app, caller } = visit
      const { id } = await readable(visit, given)
      const page = changeRecordPage(await changeRecordOf(app, caller, id))
      await recordLeft(app, caller, id, LEAVES_TO)
      return door.scrub(page)
    }),
    exportRecords: door.asked('kept', 'exportRecords', async ({ app, caller }, { format, since }) => {
      const lines: string[] = []
      const print = (text: string): void => void lines.push(text)
      await exportTo(app, caller, { format, to: undefined, as: LEAVES_TO, since, print, left: async () => true })
      return door.scrub(lines.join(''))
    }),
  }
}

const nothing = () => undefined

const FIRST = 20

const LEAVES_TO = 'library'

/** An execution that the caller may read, from its records. Throws InputError and `not-authorised`. */
export async function readable(
  { app, caller }: Visit,
  word: string,
): Promise<{ readonly id: string; readonly state: ExecutionState; readonly events: readonly JournalEvent[] }> {
  const id = await executionNamed(app, word)
  const events = await app.store.read(id)
  const state = foldAll(id, events)
  await requireAllowed(app, caller, 'execution.read', aboutExecution(state))
  return { id, state, events }
}

/** An execution as it is now. Throws as {@link readable}. */
export async function shown<T>(door: ProjectDoor, visit: Visit, word: string): Promise<T> {
  const { id, state, events } = await readable(visit, word)
  const suspension = await suspensionOf(visit.app, state, events)
  const { view } = await seenExecution(visit.app, id)
  return door.document(executionAs.json(state, events, exitCodeOf(state), { suspension, view }))
}
