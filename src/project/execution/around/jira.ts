import type { AroundMark } from '../../../change/engine/ports.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { TicketSpec } from '../../../model/around.ts'
import { EosflowError } from '../../../model/error.ts'
import { isJsonObject, type Json } from '../../../model/json.ts'
import { type AskService, notAsPublished } from './ask-service.ts'
import { endText, markText, outcomeOf } from './end-text.ts'
import { judgedTicket } from './ticket-terms.ts'

/**
 * Whether an issue of Jira allows a change, by the name of its status. The forms are those of the REST API v3 of Jira Cloud (docs/around.md#tickets,
 * developer.atlassian.com/cloud/jira/platform/rest/v3).
 */
export async function askJira(
  ask: AskService,
  spec: TicketSpec,
): Promise<{ readonly allows: boolean; readonly said: string }> {
  return judgedTicket(spec, { status: await statusOf(ask, spec) })
}

/** Comments how a change has ended, and moves the issue to the status that closes it where it has succeeded. What is there already is not done again. */
export async function endJira(
  ask: AskService,
  spec: TicketSpec,
  mark: AroundMark,
  execution: ExecutionState,
): Promise<string> {
  const path = `${issuePath(spec)}/comment`
  const newest = [
    ['orderBy', '-created'],
    ['maxResults', '100'],
  ] as const
  const there = await ask({ method: 'GET', path, query: newest })
  if (!isJsonObject(there) || !Array.isArray(there.comments)) throw notAsPublished('the comments of an issue')
  if (!JSON.stringify(there.comments).includes(markText(mark)))
    await ask({ method: 'POST', path, body: { body: documentOf(endText(execution, mark)) } })
  const target = outcomeOf(execution) === 'succeeded' ? spec.close?.status : undefined
  if (target === undefined || (await statusOf(ask, spec)) === target) return `${spec.ticket} has heard of it`
  await move(ask, spec, target)
  const now = await statusOf(ask, spec)
  if (now === target) return `${spec.ticket} has heard of it and is ${JSON.stringify(target)}`
  throw new EosflowError('refused', `${spec.ticket} has heard of it, and its status is still ${JSON.stringify(now)}`)
}

async function move(ask: AskService, spec: TicketSpec, target: string): Promise<void> {
  const path = `${issuePath(spec)}/transitions`
  const answer = await ask({ method: 'GET', path })
  if (!isJsonObject(answer) || !Array.isArray(answer.transitions)) throw notAsPublished('the transitions of an issue')
  const found = answer.transitions.find(
    (one: Json) => isJsonObject(one) && isJsonObject(one.to) && one.to.name === target,
  )
  if (!isJsonObject(found) || typeof found.id !== 'string')
    throw new EosflowError('refused', `${spec.ticket} cannot be moved to ${JSON.stringify(target)} from where it is`)
  await ask({ method: 'POST', path, body: { transition: { id: found.id } } })
}

async function statusOf(ask: AskService, spec: TicketSpec): Promise<string> {
  const answer = await ask({ method: 'GET', path: issuePath(spec), query: [['fields', 'status']] })
  const fields = isJsonObject(answer) ? answer.fields : undefined
  const status = isJsonObject(fields) ? fields.status : undefined
  // An issue that was moved is found by its old key, and has another one.
  if (!isJsonObject(answer) || answer.key !== spec.ticket || !isJsonObject(status) || typeof status.name !== 'string')
    throw notAsPublished(`the answer about ${spec.ticket}`)
  return status.name
}

function issuePath({ ticket }: TicketSpec): string {
  return `/rest/api/3/issue/${encodeURIComponent(ticket)}`
}

/** A text in the Atlassian Document Format. */
function documentOf(text: string): Json {
  return { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] }
}
