import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { printed } from '../../answer/printed.ts'
import { MissingMember, told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { count } from '../../input/numbers.ts'
import { MOUNTED } from './mount-state.ts'

/** What the Media Control Service of the server mounts from each client. */
const TYPES: readonly string[] = ['Mcs::ApiConfigRedundancyStatus', 'Mcs::ActiveFlows', 'Mcs::Client::Status']

const connection = once(() =>
  told({
    hostname: z.string(),
    mounts: z
      .array(
        told({
          service: z.string(),
          mountStates: z.array(
            told({ pathStates: z.array(z.object({ type: z.string().optional(), state: z.string().optional() })) }),
          ),
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
    const faults = connections.flatMap(faultsOf)
    const mounted = connections.flatMap(mcsMountsOf).length
    return passUnless([
      ...faults,
      ...mismatch('Incorrect CVX successful connections count', connections_count, mounted),
    ])
  },
})

function mcsMountsOf({ mounts }: Connection): readonly Mount[] {
  return mounts.filter(({ service }) => service === 'Mcs')
}

function faultsOf(one: Connection): readonly string[] {
  const host = `Host: ${one.hostname}`
  if (one.mounts.length === 0) return [`${host} - No mount status found`]
  const mounts = mcsMountsOf(one)
  return mounts.length === 0
    ? [`${host} - MCS mount state not detected`]
    : mounts.flatMap((mount) => mountFaults(host, mount))
}

function mountFaults(host: string, mount: Mount): readonly string[] {
  const [first] = mount.mountStates
  if (first === undefined) throw new MissingMember(mount, 'mountStates.0')
  const paths = first.pathStates
  return [
    ...mismatch(`${host} - Incorrect number of mount path states`, TYPES.length, paths.length),
    ...paths.flatMap(({ type, state }) => [
      ...(type !== undefined && TYPES.includes(type)
        ? []
        : [`${host} - Unexpected MCS path type - Expected: ${TYPES.join(', ')} Actual: ${printed(type)}`]),
      // The recorded wording has no space before the actual state.
      ...(state === MOUNTED
        ? []
        : [
            `${host} Path Type: ${printed(type)} - MCS server mount state is not valid - Expected: ${MOUNTED} Actual:${printed(state)}`,
          ]),
    ]),
  ]
}
