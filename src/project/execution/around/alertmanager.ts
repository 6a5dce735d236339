import type { AroundMark } from '../../../change/engine/ports.ts'
import type { SilenceSpec } from '../../../model/around.ts'
import { EosflowError } from '../../../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { type AskService, notAsPublished } from './ask-service.ts'
import { markText } from './end-text.ts'

/**
 * Begins a silence that ends by itself after the time of the plan; gives its id. The forms are those of Alertmanager's API v2
 * (docs/around.md#silences, github.com/prometheus/alertmanager api/v2/openapi.yaml).
 */
export async function beginSilence(
  ask: AskService,
  { matchers, seconds }: SilenceSpec,
  mark: AroundMark,
  now: number,
): Promise<string> {
  const body = {
    matchers: matchers.map((one) => ({ ...one })),
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + seconds * 1000).toISOString(),
    createdBy: 'eosflow',
    comment: `change by eosflow execution ${mark.execution} ${markText(mark)}`,
  }
  const answer = await ask({ method: 'POST', path: '/api/v2/silences', body })
  if (!isJsonObject(answer) || !isId(answer.silenceID)) throw notAsPublished('the id of a silence')
  return answer.silenceID
}

/** The silences with this mark that have not ended, by id. */
export async function findSilences(ask: AskService, mark: AroundMark): Promise<readonly string[]> {
  const answer = await ask({ method: 'GET', path: '/api/v2/silences' })
  if (!Array.isArray(answer)) throw notAsPublished('the list of silences')
  return answer.flatMap((one) => {
    if (!isJsonObject(one)) throw notAsPublished('the list of silences')
    const { id, comment } = one
    if (typeof comment !== 'string' || !comment.includes(markText(mark)) || stateOf(one) === 'expired') return []
    if (!isId(id)) throw notAsPublished('the id of a silence')
    return [id]
  })
}

/** Ends silences, and reads of each that it has ended. */
export async function endSilences(
  ask: AskService,
  mark: AroundMark & { readonly id?: string; readonly isInDoubt: boolean },
): Promise<string> {
  // The one whose id is known needs no list that can be read.
  if (mark.id !== undefined) await endSilence(ask, mark.id, mark)
  const found = mark.isInDoubt || mark.id === undefined ? await findSilences(ask, mark) : []
  const others = found.filter((id) => id !== mark.id)
  for (const id of others) await endSilence(ask, id, mark)
  const ids = [mark.id ?? [], others].flat()
  if (ids.length === 0) return 'there is none'
  return `${ids.join(', ')} expired`
}

async function endSilence(ask: AskService, id: string, mark: AroundMark): Promise<void> {
  const path = `/api/v2/silence/${encodeURIComponent(id)}`
  const isOver = async (): Promise<boolean> => {
    const found = await ask({ method: 'GET', path, mayBeGone: true })
    if (found !== null) return stateOf(found) === 'expired'
    // Something between may answer 404, too: what is gone is not in the list either.
    return !(await findSilences(ask, mark)).includes(id)
  }
  // What cannot be read is expired by its id all the same, and read after that.
  if (await isOver().catch(unlessUnread)) return
  await ask({ method: 'DELETE', path, mayBeGone: true })
  if (await isOver()) return
  throw new EosflowError('protocol', `silence ${id} is still in force after it was to be expired`)
}

function unlessUnread(error: unknown): false {
  if (error instanceof EosflowError && (error.kind === 'protocol' || error.kind === 'refused')) return false
  throw error
}

function stateOf(silence: Json): string {
  const status = isJsonObject(silence) ? (silence as JsonObject).status : undefined
  if (!isJsonObject(status) || typeof status.state !== 'string') throw notAsPublished('a silence')
  return status.state
}

function isId(id: Json | undefined): id is string {
  return typeof id === 'string' && /^[\w-]{1,100}$/.test(id)
}
