import { z } from 'zod'
import { definedMembers } from '../../../model/defined-members.ts'
import type { Json } from '../../../model/json.ts'
import { expressionFaults } from '../../../text/query/expression-faults.ts'
import { answersIn } from '../answer/answers-in.ts'
import { secretsInAnswers } from '../answer/secrets-in-answers.ts'
import type { Check } from '../area/define.ts'
import { judgeAssertion } from '../assertion/evaluate-assertion.ts'
import { showCommandFault } from '../assertion/show-command.ts'

const input = z
  .strictObject({
    command: z
      .string()
      .describe('The command to ask. It begins with `show` and reads.')
      .meta({
        examples: ['show version'],
      }),
    revision: z.int().min(1).max(99).optional().describe('Revision of its JSON model. Absent: the latest.'),
    format: z
      .enum(['json', 'text'])
      .default('json')
      .describe('json: the expression sees the model; text: what the switch prints, as one string.'),
    that: z
      .string()
      .describe('A JSONata expression over the answer, which must give true.')
      .meta({
        examples: ['memFree > 100000'],
      }),
    says: z.string().min(1).optional().describe('What a failure says in place of the expression.'),
  })
  .superRefine(({ command, revision, format, that }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    const fault = showCommandFault(command, format === 'text')
    if (fault !== undefined) refuse('command', fault)
    if (revision !== undefined && format === 'text') refuse('revision', 'text has no revision')
    for (const one of expressionFaults(that)) refuse('that', one)
  })

/** An assertion of one's own over any show command. */
export const assert: Check<typeof input> = Object.freeze({
  name: 'assert',
  summary: 'An expression over the answer to any show command is true.',
  docs:
    'For what no check covers. The expression is JSONata and sees the answer: names are its members, `$` is all of it. Passes ' +
    'for exactly true and fails for exactly false; an expression that leads to nothing, gives another value or goes over a ' +
    'limit is an error, and so is a command that the switch refuses. Faults of the expression are found with the file.',
  example: { command: 'show version', that: 'memFree > 100000', says: 'memory is short' },
  input,
  commands: ({ command, revision, format }) => [
    {
      cmd: command,
      ...definedMembers({ revision }),
      ...(format === 'text' ? { format } : {}),
    },
  ],
  secrets: (_input, replies) => secretsInAnswers(replies),
  async judge(given, replies, { now }) {
    const model = given.format === 'text' ? z.string() : z.unknown()
    const asked = assert.commands(given).map((command) => ({ command, model: () => model }))
    const verdict = await answersIn(asked, replies, ([answer]) => judgeAssertion(given, answer as Json, now))
    // Nobody knows whether a command that the platform does not have would have answered so.
    return verdict.status === 'skip' ? { status: 'error', reason: verdict.reason } : verdict
  },
} satisfies Check<typeof input>)
