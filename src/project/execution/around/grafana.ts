import type { AroundMark } from '../../../change/engine/ports.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { AnnotationSpec } from '../../../model/around.ts'
import { EosflowError } from '../../../model/error.ts'
import { isJsonObject, type Json } from '../../../model/json.ts'
import { type AskService, notAsPublished } from './ask-service.ts'
import { endText, markText } from './end-text.ts'

/**
 * Marks where a change begins; gives the number of the annotation. The forms are those of Grafana's annotations API
 * (docs/around.md#annotations, grafana.com/docs/grafana/latest/developer-resources/api-reference/http-api/annotations).
 */
export async function beginAnnotation(
  ask: AskService,
  spec: AnnotationSpec,
  mark: AroundMark,
  now: number,
): Promise<string> {
  const text = `change by eosflow execution ${mark.execution} ${markText(mark)}`
  return made(ask, { time: now, tags: tagsOf(spec, mark), text })
}

/** The annotations with this mark, by number, the one that was made first first. */
export async function findAnnotations(ask: AskService, mark: AroundMark): Promise<readonly string[]> {
  const query = [
    ['tags', ownTag(mark)],
    ['limit', '10'],
  ] as const
  const answer = await ask({ method: 'GET', path: '/api/annotations', query })
  if (!Array.isArray(answer)) throw notAsPublished('the list of annotations')
  return answer.map(numberOf).toSorted((one, other) => Number(one) - Number(other))
}

/**
 * Marks where a change has ended and how; one that was never begun is made whole. What a request whose answer was lost has made besides, as long as it is
 * there by now, is deleted: there is one in the end.
 */
export async function endAnnotation(
  ask: AskService,
  spec: AnnotationSpec,
  mark: AroundMark & { readonly id?: string; readonly isInDoubt: boolean },
  { execution, now }: { readonly execution: ExecutionState; readonly now: number },
): Promise<string> {
  const text = endText(execution, mark)
  const known = mark.id === undefined ? [] : [mark.id]
  const found = mark.isInDoubt || mark.id === undefined ? await findAnnotations(ask, mark) : []
  const [first, ...others] = new Set([...known, ...found])
  if (first !== undefined) {
    await ask({ method: 'PATCH', path: `/api/annotations/${first}`, body: { timeEnd: now, text } })
    await deleteOthers(ask, mark, first, others)
    return `annotation ${first} ended`
  }
  const whole = { time: execution.startedAt, timeEnd: now, tags: tagsOf(spec, mark), text }
  const only = await made(ask, whole)
  const late = (await findAnnotations(ask, mark)).filter((one) => one !== only)
  await deleteOthers(ask, mark, only, late)
  return `annotation ${only} made`
}

/** Deletes what was made twice, and reads that it is gone. */
async function deleteOthers(ask: AskService, mark: AroundMark, only: string, others: readonly string[]): Promise<void> {
  if (others.length === 0) return
  for (const other of others) await ask({ method: 'DELETE', path: `/api/annotations/${other}`, mayBeGone: true })
  const left = (await findAnnotations(ask, mark)).filter((one) => one !== only)
  if (left.length > 0)
    throw new EosflowError('protocol', `annotation ${left.join(', ')} was made twice and is still there`)
}

async function made(ask: AskService, body: Json): Promise<string> {
  return numberOf(await ask({ method: 'POST', path: '/api/annotations', body }))
}

function numberOf(answer: Json): string {
  const id = isJsonObject(answer) ? answer.id : undefined
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) throw notAsPublished('the number of an annotation')
  return String(id)
}

function tagsOf({ tags }: AnnotationSpec, mark: AroundMark): readonly string[] {
  return ['eosflow', ownTag(mark), ...tags]
}

function ownTag({ key }: AroundMark): string {
  return `eosflow:${key}`
}
