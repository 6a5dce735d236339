import { z } from 'zod'
import { principal } from '../change/record/event/record-schema.ts'

/** What `eosflow whoami --json` prints, version 1. */
export const identityResultSchema = z
  .strictObject({
    version: z.literal(1),
    identity: principal,
    expires: z.string().exactOptional().describe('When the login or the token runs out, ISO 8601 in UTC.'),
  })
  .meta({ id: 'identity-result', title: 'eosflow whoami --json' })

export type IdentityDocument = z.infer<typeof identityResultSchema>
