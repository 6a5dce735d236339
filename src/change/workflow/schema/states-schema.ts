import { z } from 'zod'
import { scopes } from '../../../model/principal.ts'
import { shown } from '../../../text/source/duration.ts'

const expression = z.string().regex(/^\{%[\s\S]*%\}$/, 'an expression: `{% … %}`')
const value = z.json()
const assign = z.record(z.string(), value).describe('Variables for the states that follow: `name: value`.')
const count = z.union([z.int().min(0), expression])
const seconds = z.union([z.int().min(1).max(99_999_999), expression])
const errors = shown(z.array(z.string().min(1)).min(1), 'Names of errors; `States.ALL` for any.', ['States.Timeout'])

const named = { Comment: z.string().optional() }
const flowing = {
  ...named,
  Next: z.string().optional().describe('The state that follows.'),
  End: z.boolean().optional().describe('`true`: nothing follows.'),
  Output: value.optional().describe('What the next state is given; without it the result.'),
  Assign: assign.optional(),
}

const retrier = z.strictObject({
  ...named,
  ErrorEquals: errors,
  IntervalSeconds: z.int().min(1).optional().describe('The pause before the first retry; 1.'),
  MaxAttempts: z.int().min(0).optional().describe('How many retries; 3.'),
  BackoffRate: z.number().min(1).optional().describe('By what each pause is longer than the one before; 2.'),
  MaxDelaySeconds: z.int().min(1).optional().describe('The longest pause.'),
  JitterStrategy: z.enum(['FULL', 'NONE']).optional().describe('`FULL`: each pause is anything up to its length.'),
})

const catcher = z.strictObject({
  ...named,
  ErrorEquals: errors,
  Next: z.string().meta({ examples: ['ReportFailure'] }),
  Output: value.optional(),
  Assign: assign.optional(),
})

const handling = { Retry: z.array(retrier).optional(), Catch: z.array(catcher).optional() }

const RESOURCE = shown(z.string(), '`eosflow:` and the name of a task.', 'eosflow:push')

const task = z
  .strictObject({
    Type: z.literal('Task'),
    ...flowing,
    ...handling,
    Resource: RESOURCE,
    Arguments: value.optional().describe('What the task is given.'),
    TimeoutSeconds: seconds.optional(),
    HeartbeatSeconds: seconds.optional(),
    Effect: z
      .enum(['read', 'write', 'irreversible'])
      .optional()
      .describe('What the call does to the world, where its task cannot know.'),
    Undo: z
      .union([z.enum(['none', 'rollback']), z.strictObject({ Resource: RESOURCE, Arguments: value.optional() })])
      .optional()
      .describe('How the call is undone.'),
    Permissions: z.array(z.enum(scopes)).min(1).optional().describe('What the state may need, and no more.'),
  })
  .describe('Calls a task.')

const map = z
  .strictObject({
    Type: z.literal('Map'),
    ...flowing,
    ...handling,
    Items: shown(
      z
        .union([z.enum(['waves', 'wave', 'targets']), expression, z.array(value), z.record(z.string(), value)])
        .optional(),
      '`waves`, `wave` or `targets` for switches; else a list, an object or an expression.',
      'waves',
    ),
    ItemSelector: value.optional(),
    ItemProcessor: z.lazy(() => machine).describe('What is done with each item.'),
    MaxConcurrency: count.optional().describe('How many at a time.'),
    ToleratedFailureCount: count.optional(),
    ToleratedFailurePercentage: z.union([z.number().min(0).max(100), expression]).optional(),
  })
  .describe('Runs its states once per item.')

const parallel = z
  .strictObject({
    Type: z.literal('Parallel'),
    ...flowing,
    ...handling,
    Arguments: value.optional(),
    Branches: z.array(z.lazy(() => machine)).min(1),
  })
  .describe('Runs its branches side by side.')

const rule = z.strictObject({
  ...named,
  Condition: z.union([z.boolean(), expression]).meta({ examples: ['{% $count($states.input.changed) > 2 %}'] }),
  Next: z.string().meta({ examples: ['AskOwner'] }),
  Output: value.optional(),
  Assign: assign.optional(),
})

const choice = z
  .strictObject({
    Type: z.literal('Choice'),
    ...named,
    Choices: z.array(rule).min(1),
    Default: z.string().optional(),
    Output: value.optional(),
    Assign: assign.optional(),
  })
  .describe('Goes on where the first condition that holds says.')

const wait = z
  .strictObject({
    Type: z.literal('Wait'),
    ...flowing,
    Seconds: z.union([z.int().min(0).max(99_999_999), expression]).optional(),
    Timestamp: z.string().optional(),
  })
  .describe('Lets time pass.')

const pass = z.strictObject({ Type: z.literal('Pass'), ...flowing }).describe('Only moves data.')

const succeed = z
  .strictObject({ Type: z.literal('Succeed'), ...named, Output: value.optional() })
  .describe('Ends its machine well.')

const fail = z
  .strictObject({ Type: z.literal('Fail'), ...named, Error: z.string().optional(), Cause: z.string().optional() })
  .describe('Ends its machine badly.')

const state: z.ZodType = z
  .discriminatedUnion('Type', [task, choice, map, parallel, wait, pass, succeed, fail])
  .meta({ id: 'state', examples: [{ Type: 'Task', Resource: 'eosflow:plan', Next: 'ApprovePlan' }] })

export const statesSchema: z.ZodType<unknown> = z.record(z.string().min(1).max(80), state)

const machine: z.ZodType = z
  .strictObject({ ...named, StartAt: z.string().meta({ examples: ['PushChange'] }), States: statesSchema })
  .meta({ id: 'machine' })
