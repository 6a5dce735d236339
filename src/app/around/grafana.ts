import type { AroundMark } from '../../engine/ports.ts'
import type { ExecutionState } from '../../engine/state.ts'
import type { AnnotationSpec } from '../../model/around.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
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

/** The annotation with this mark; undefined where there is none. */
export async function findAnnotation(ask: AskService, mark: AroundMark): Promise<string | undefined> {
  const query = [
    ['tags', ownTag(mark)],
    ['limit', '10'],
  ] as const
  const answer = await ask({ method: 'GET', path: '/api/annotations', query })
  if (!Array.isArray(answer)) throw notAsPublished('the list of annotations')
  const [found] = answer
  return found === undefined ? undefined : numberOf(found)
}

/** Marks where a change has ended and how; one that was never begun is made whole. */
export async function endAnnotation(
  ask: AskService,
  spec: AnnotationSpec,
  mark: AroundMark & { readonly id?: string; readonly isInDoubt: boolean },
  { execution, now }: { readonly execution: ExecutionState; readonly now: number },
): Promise<string> {
  const text = endText(execution, mark)
  const id = mark.id ?? (await findAnnotation(ask, mark))
  if (id === undefined) {
    const whole = { time: execution.startedAt, timeEnd: now, tags: tagsOf(spec, mark), text }
    return `annotation ${await made(ask, whole)} made`
  }
  await ask({ method: 'PATCH', path: `/api/annotations/${id}`, body: { timeEnd: now, text } })
  return `annotation ${id} ended`
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
