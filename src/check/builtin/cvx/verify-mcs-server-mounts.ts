import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { defineVerify } from '../../define-verify.ts'
import { count } from '../../input/numbers.ts'
import { mismatch } from '../../mismatch.ts'
import { once } from '../../once.ts'
import { MOUNTED } from './mount-state.ts'

/** What the Media Control Service of the server mounts from each client. */
const TYPES: readonly string[] = ['Mcs::ApiConfigRedundancyStatus', 'Mcs::ActiveFlows', 'Mcs::Client::Status']

const connection = once(() =>
  z.object({
    hostname: z.string().default('unknown'),
    mounts: z
      .array(
        z.object({
          service: z.string().optional(),
          mountStates: z
            .array(
              z.object({
                pathStates: z
                  .array(z.object({ type: z.string().default('Not found'), state: z.string().default('Not found') }))
                  .default([]),
              }),
            )
            .default([]),
        }),
      )
      .default([]),
  }),
)

type Connection = z.output<ReturnType<typeof connection>>
type Mount = Connection['mounts'][number]

/** The Media Control Service of the CVX server has mounted all it needs of the expected number of clients. */
export const verifyMcsServerMounts = defineVerify({
  name: 'VerifyMcsServerMounts',
  summary: 'Verifies that all mounts of the MCS server are complete, for the expected number of connections.',
  docs: 'Passes when each connection has its three mounts of MCS in mountStateMountComplete, and as many connections as given have mounts of MCS.',
  example: { connections_count: 100 },
  input: () =>
    z.strictObject({ connections_count: count().describe('Expected number of connections with mounts of MCS.') }),
  commands: () => [{ cmd: 'show cvx mounts', revision: 1 }],
  answers: () => [z.object({ connections: z.array(connection()).optional() })],
  judge: ({ connections_count }, [{ connections = [] }]) => {
    if (connections.length === 0) return passUnless(['CVX connections are not available'])
    const mounted = connections.filter((one) => mcsMountOf(one) !== undefined).length
    return passUnless([
      ...connections.flatMap(faultsOf),
      ...mismatch('Incorrect CVX successful connections count', connections_count, mounted),
    ])
  },
})

function mcsMountOf({ mounts }: Connection): Mount | undefined {
  return mounts.find(({ service }) => service === 'Mcs')
}

function faultsOf(one: Connection): readonly string[] {
  const host = `Host: ${one.hostname}`
  if (one.mounts.length === 0) return [`${host} - No mount status found`]
  const mount = mcsMountOf(one)
  return mount === undefined ? [`${host} - MCS mount state not found`] : mountFaults(host, mount)
}

function mountFaults(host: string, { mountStates }: Mount): readonly string[] {
  const paths = mountStates.flatMap(({ pathStates }) => pathStates)
  return [
    ...mismatch(`${host} - Incorrect number of mount path states`, TYPES.length, paths.length),
    ...paths.flatMap(({ type, state }) => [
      ...(TYPES.includes(type)
        ? []
        : [`${host} - Unexpected MCS path type - Expected: ${TYPES.join(', ')} Actual: ${type}`]),
      // The recorded wording has no space before the actual state.
      ...(state === MOUNTED
        ? []
        : [`${host} Path Type: ${type} - MCS server mount state is not valid - Expected: ${MOUNTED} Actual:${state}`]),
    ]),
  ]
}
