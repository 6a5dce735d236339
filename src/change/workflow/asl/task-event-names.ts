import { resourceOf } from './resource.ts'

export type TaskStep = 'Scheduled' | 'Started' | 'Submitted' | 'Succeeded' | 'Failed' | 'TimedOut'

const PREFIX = { lambda: 'LambdaFunction', activity: 'Activity', service: 'Task' } as const

/** A Lambda function that is named by its own ARN has `LambdaFunction…` events, an activity `Activity…`, and a service integration `Task…` (recorded from AWS). */
export function taskEventName(resource: string, step: TaskStep): string {
  return `${PREFIX[resourceOf(resource)?.kind ?? 'service']}${step}`
}

/** What the events of a service integration call it: `sqs` and `sendMessage.waitForTaskToken`. */
export function integrationOf(resource: string): { readonly resourceType: string; readonly resource: string } {
  const [type = '', ...action] = resource.split(':').slice(5)
  return { resourceType: type, resource: action.join(':') }
}
