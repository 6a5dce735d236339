import { z } from 'zod'
import { definedMembers } from '../../../model/defined-members.ts'
import type { RequestFault } from './readable.ts'
import { hintOverHttp } from './see-policy.ts'

const text = z.string()

// The status of an answer by the kind of what failed (RFC 9110, section 15).
const STATUS: Readonly<Record<RequestFault['kind'], number>> = {
  input: 422,
  // OpenID Connect Back-Channel Logout 1.0, section 2.8.
  'logout-refused': 400,
  'login-missing': 401,
  'event-unverified': 401,
  'not-authorised': 403,
  'cross-site': 403,
  'no-route': 404,
  'method-not-allowed': 405,
  'not-approved': 409,
  stale: 409,
  busy: 409,
  'window-closed': 409,
  refused: 409,
  verification: 409,
  'rollback-incomplete': 409,
  cancelled: 409,
  'state-failed': 409,
  'inventory-fewer': 409,
  'other-than-path': 409,
  'changed-meanwhile': 412,
  'too-large': 413,
  'too-many': 429,
  'unsupported-media-type': 415,
  'wrong-host': 421,
  guard: 422,
  secret: 422,
  bug: 500,
  unreachable: 502,
  'lost-answer': 502,
  unauthenticated: 502,
  tls: 502,
  protocol: 502,
  'wrong-device': 502,
  'inventory-source': 502,
  'inventory-count': 502,
  'inventory-exec': 502,
  clock: 503,
  store: 503,
  ending: 503,
  'front-gone': 503,
}

// After so many seconds the same request may go better.
const AGAIN: Partial<Readonly<Record<RequestFault['kind'], number>>> = {
  busy: 5,
  'too-many': 5,
  'window-closed': 300,
  ending: 30,
}

/** A failure as an HTTP API gives it (RFC 9457). */
export const problemDocument = z
  .object({
    type: text.meta({ examples: ['urn:eosflow:error:busy'] }),
    title: text,
    status: z.int(),
    detail: text,
    instance: text.describe('The path that was asked for.'),
    kind: text.describe('What a client branches on.'),
    exitCode: z.int().optional().describe('What the command line would end with.'),
    hint: text.optional().describe('What a person does next.'),
    device: text.optional(),
    problems: z
      .array(
        z.object({
          code: text,
          message: text,
          at: z.object({ file: text, line: z.int(), column: z.int() }),
          hint: text.optional(),
        }),
      )
      .optional()
      .describe('Everything that is wrong with what was given.'),
    decision: z
      .object({ rules: z.array(text), demands: z.array(text) })
      .optional()
      .describe('What the policy has decided: its rules by their ids, and what they demand, in words.'),
  })
  .meta({ id: 'Problem' })

export const PROBLEM_TYPE = 'application/problem+json'

/** `exitCode`: what a command would end with. */
export function problemOfFault(
  { kind, message, hint, device, problems, decision }: RequestFault,
  instance: string,
  exitCode: number | undefined,
): { readonly document: z.output<typeof problemDocument>; readonly headers: Readonly<Record<string, string>> } {
  const again = AGAIN[kind]
  return {
    document: {
      type: `urn:eosflow:error:${kind}`,
      title: kind.replaceAll('-', ' '),
      status: STATUS[kind],
      detail: message,
      instance,
      kind,
      ...definedMembers({ exitCode }),
      ...(hint === undefined ? {} : { hint: hintOverHttp(hint) }),
      ...definedMembers({ device }),
      ...(decision === undefined ? {} : { decision: { rules: [...decision.rules], demands: [...decision.demands] } }),
      ...(problems === undefined ? {} : { problems: problems.map((problem) => ({ ...problem })) }),
    },
    headers: {
      'content-type': PROBLEM_TYPE,
      ...(again === undefined ? {} : { 'retry-after': String(again) }),
      ...(kind === 'login-missing' ? { 'www-authenticate': 'Bearer realm="eosflow"' } : {}),
    },
  }
}
