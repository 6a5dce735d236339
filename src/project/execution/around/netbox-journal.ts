import type { AroundMark } from '../../../change/engine/ports.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Outcome } from '../../../change/record/event/outcome.ts'
import { EosflowError } from '../../../model/error.ts'
import { isJsonObject, type Json } from '../../../model/json.ts'
import { type AskService, notAsPublished } from './ask-service.ts'
import { changedSwitches, endText, markText, outcomeOf } from './end-text.ts'

/** So many switches are named in one request. */
const AT_ONCE = 50

const KINDS: Readonly<Record<Outcome, string>> = {
  planned: 'info',
  'nothing-to-do': 'info',
  succeeded: 'success',
  tolerated: 'warning',
  refused: 'info',
  'rolled-back': 'warning',
  cancelled: 'warning',
  failed: 'danger',
  unknown: 'danger',
}

/**
 * Writes into the journal of each switch in NetBox how a change has ended. An entry that is there already is not written again. The forms are those of
 * NetBox's REST API (docs/around.md#the-journal-of-netbox, its OpenAPI document, `JournalEntryRequest`).
 */
export async function endJournal(ask: AskService, mark: AroundMark, execution: ExecutionState): Promise<string> {
  const names = changedSwitches(execution)
  const written = new Set(
    (await listed(ask, '/api/extras/journal-entries/', [['q', markText(mark)]])).map(
      ({ assigned_object_id: id }) => id,
    ),
  )
  const absent: string[] = []
  for (let first = 0; first < names.length; first += AT_ONCE) {
    const some = names.slice(first, first + AT_ONCE)
    const found = await listed(
      ask,
      '/api/dcim/devices/',
      some.map((name) => ['name', name] as const),
    )
    const ids = some.flatMap((name) => {
      const ours = found.filter((one) => one.name === name)
      const [one] = ours
      // The name of a device is unique within its site and tenant only.
      if (one === undefined || ours.length > 1) absent.push(name)
      return one === undefined || ours.length > 1 ? [] : [one.id]
    })
    const entries = ids
      .filter((id) => !written.has(id))
      .map((id) => ({
        assigned_object_type: 'dcim.device',
        assigned_object_id: id ?? null,
        kind: KINDS[outcomeOf(execution)],
        comments: endText(execution, mark),
      }))
    if (entries.length > 0) await ask({ method: 'POST', path: '/api/extras/journal-entries/', body: entries })
  }
  if (absent.length === 0) return `written for ${names.length} of ${names.length}`
  const some = absent.slice(0, 5).join(', ')
  throw new EosflowError(
    'guard',
    `NetBox has not exactly one device of the name ${some}${absent.length > 5 ? ', …' : ''}`,
  )
}

/** A list that is not whole is no list: what is missing would be written twice, or not at all. */
async function listed(
  ask: AskService,
  path: string,
  query: readonly (readonly [string, string])[],
): Promise<readonly Readonly<Record<string, Json>>[]> {
  const answer = await ask({ method: 'GET', path, query: [...query, ['limit', '1000']] })
  if (!isJsonObject(answer) || !Array.isArray(answer.results) || answer.next !== null)
    throw notAsPublished(`the list ${path}`)
  return answer.results.map((one: Json) => {
    if (!isJsonObject(one)) throw notAsPublished(`the list ${path}`)
    return one as Readonly<Record<string, Json>>
  })
}
