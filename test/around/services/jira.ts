import { z } from 'zod'
import { type Answer, type AskedService, Unpublished } from './loopback-service.ts'
import { published, requireQuery } from './published.ts'

/** An issue as it is kept. */
export interface Issue {
  status: string
  readonly comments: string[]
}

/** A document in the Atlassian Document Format of one kind of paragraph (developer.atlassian.com, Atlassian Document Format). */
const text = z.strictObject({ type: z.literal('text'), text: z.string().min(1) })
const paragraph = z.strictObject({ type: z.literal('paragraph'), content: z.array(text) })
const comment = z.strictObject({
  body: z.strictObject({ type: z.literal('doc'), version: z.literal(1), content: z.array(paragraph) }),
})
const transition = z.strictObject({ transition: z.strictObject({ id: z.string() }) })
const ISSUE = '/rest/api/3/issue/NET-140'
const TRANSITIONS = [{ id: '31', name: 'Finish', to: { id: '10003', name: 'Done' } }]

/** Answers as the REST API v3 of Jira Cloud does to a user and a token (developer.atlassian.com/cloud/jira/platform/rest/v3). */
export function jira(issue: Issue, basic: string): (asked: AskedService) => Answer {
  const failure = (status: number, message: string): Answer => ({
    status,
    body: { errorMessages: [message], errors: {} },
  })
  return (asked) => {
    if (asked.authorization !== `Basic ${basic}`) return failure(401, 'You are not authenticated.')
    switch (asked.what) {
      case `GET ${ISSUE}`:
        requireQuery(asked, ['fields', 'fieldsByKeys', 'expand', 'properties', 'updateHistory', 'failFast'])
        return {
          status: 200,
          body: { expand: '', id: '10002', key: 'NET-140', fields: { status: { id: '1', name: issue.status } } },
        }
      case `GET ${ISSUE}/comment`: {
        requireQuery(asked, ['startAt', 'maxResults', 'orderBy', 'expand'])
        const comments = issue.comments.toReversed().map((body, at) => ({ id: String(at + 1), body }))
        return { status: 200, body: { startAt: 0, maxResults: 100, total: comments.length, comments } }
      }
      case `POST ${ISSUE}/comment`:
        issue.comments.push(JSON.stringify(published(comment, asked).body))
        return { status: 201, body: { id: String(issue.comments.length) } }
      case `GET ${ISSUE}/transitions`:
        requireQuery(asked, ['expand', 'transitionId', 'skipRemoteOnlyCondition', 'includeUnavailableTransitions'])
        return { status: 200, body: { expand: 'transitions', transitions: issue.status === 'Done' ? [] : TRANSITIONS } }
      case `POST ${ISSUE}/transitions`: {
        const { id } = published(transition, asked).transition
        if (id !== '31' || issue.status === 'Done')
          return failure(400, 'It seems that you have tried to perform a workflow operation that is not valid.')
        issue.status = 'Done'
        return { status: 204 }
      }
      default:
        if (!/^(?:GET|POST) \/rest\/api\/3\/issue\/[\w-]+(?:\/(?:comment|transitions))?$/.test(asked.what))
          throw new Unpublished('no such operation')
        return failure(404, 'Issue does not exist or you do not have permission to see it.')
    }
  }
}
