import { z } from 'zod'
import { programCommand, programVariables } from '../../text/source/program-schema.ts'
import { serviceHeaders, serviceUrl } from '../../text/source/service-schema.ts'
import { approvalsOfGate, gateReasons } from './gate-answer.ts'

const seconds = z.int().min(1).max(60).default(10).describe('How many seconds it may take; after that it is a denial.')

const program = z.strictObject({
  command: programCommand()
    .describe('The program and its arguments. The plan is its input, and it prints its answer. No shell is used.')
    .meta({ examples: [['/usr/local/bin/opa', 'eval', '--stdin-input', '--format', 'raw', 'data.eosflow.gate']] }),
  env: programVariables,
  timeout: seconds,
})

const service = z.strictObject({
  url: serviceUrl('for example `https://opa.example.com/v1/data/eosflow/gate`')
    .describe(
      'What the plan is posted to, as `{"input": …}`; it answers `{"result": …}`. Its origin must be among `http: hosts:` of eosflow.yaml.',
    )
    .meta({ examples: ['https://opa.example.com/v1/data/eosflow/gate'] }),
  headers: serviceHeaders.meta({ examples: [{ Authorization: `Bearer \${env:OPA_TOKEN}` }] }),
  timeout: seconds,
})

// What is refused before it is one.
const NOWHERE = { url: '', headers: {}, timeout: 1 }

/** `gate:` of `policy.yaml`: who is asked besides about every plan, when it is made and before each push. */
export const gateSchema = z
  .strictObject({ exec: program.optional(), http: service.optional() })
  .refine(({ exec, http }) => (exec === undefined) !== (http === undefined), {
    error: 'a gate is a program or a service',
    params: { code: 'gate-way', hint: 'keep one of `exec` and `http`' },
  })
  .transform(({ exec, http }): Gate => (exec === undefined ? { http: http ?? NOWHERE } : { exec }))

export const testedAnswer = z.union(
  [z.enum(['allow', 'none']), z.strictObject({ deny: gateReasons }), z.strictObject({ require: approvalsOfGate })],
  'the gate answers `allow`, `none`, `{ deny: [REASON] }` or `{ require: { count, from } }`',
)

export type Gate = { readonly exec: z.output<typeof program> } | { readonly http: z.output<typeof service> }

export type TestedAnswer = z.output<typeof testedAnswer>
