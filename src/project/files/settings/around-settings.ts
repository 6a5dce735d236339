import { z } from 'zod'
import type { AllowedHost } from '../../../model/http-port.ts'
import { once } from '../../../model/once.ts'
import { serviceFaults, serviceHeaders, serviceUrl } from '../../../text/source/service-schema.ts'

const common = {
  url: serviceUrl('for example `https://alertmanager.example.com`')
    .describe('Where it is. Its origin must be among `http: hosts:`.')
    .meta({ examples: ['https://alertmanager.example.com'] }),
  headers: serviceHeaders.meta({ examples: [{ Authorization: `Bearer \${env:GRAFANA_TOKEN}` }] }),
}

const field = () => z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,79}$/, 'the name of a field')
const value = () => z.string().min(1).max(200)
const allowed = () => z.array(value()).min(1).max(20)

/** What a change request of ServiceNow says of itself where its workflow is the shipped one: it is being implemented, and was approved. */
const AS_SHIPPED = { state: ['-1'], approval: ['approved'] }

/** `around:` of `eosflow.yaml`: the services that workflows may name around a change. Without it there is none. */
export const aroundSettings = once(() =>
  z.record(
    z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,31}$/, 'small letters, digits and `-`')
      .meta({ examples: ['changes'] }),
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('alertmanager'), ...common }),
      z.strictObject({ kind: z.literal('grafana'), ...common }),
      z.strictObject({ kind: z.literal('netbox'), ...common }),
      z.strictObject({
        kind: z.literal('servicenow'),
        ...common,
        table: z
          .string()
          .regex(/^[a-z][a-z0-9_]{0,79}$/, 'the name of a table')
          .default('change_request')
          .describe('The table that the tickets are in.'),
        must: z
          .record(field(), allowed())
          .refine((fields) => Object.keys(fields).length > 0, 'at least one field')
          .default(AS_SHIPPED)
          .describe('Which values each field of a ticket must have before a change, as they are stored.')
          .meta({ examples: [AS_SHIPPED] }),
        close: z
          .record(field(), value())
          .exactOptional()
          .describe('What its fields are set to after a change that succeeded. Without it the ticket stays open.')
          .meta({ examples: [{ state: '0', close_code: 'successful' }] }),
      }),
      z.strictObject({
        kind: z.literal('jira'),
        ...common,
        must: z
          .strictObject({ status: allowed() })
          .describe('Which status an issue must have before a change, by name.')
          .meta({ examples: [{ status: ['Approved'] }] }),
        close: z
          .strictObject({ status: value() })
          .exactOptional()
          .describe('The status that it is moved to after a change that succeeded. Without it the issue stays.')
          .meta({ examples: [{ status: 'Done' }] }),
      }),
    ]),
  ),
)

/** What is wrong with these services beside the hosts that may be asked, each with its path in the settings. */
export function aroundFaults(
  services: z.output<ReturnType<typeof aroundSettings>>,
  hosts: readonly AllowedHost[],
): ReturnType<typeof serviceFaults> {
  return Object.entries(services).flatMap(([name, service]) =>
    serviceFaults(`the service \`${name}\``, service, hosts).map((fault) => ({
      ...fault,
      path: [name, ...fault.path],
    })),
  )
}
